import type { JobSummary } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { plural } from '../../lib/format.ts'
import { useApp } from '../../state/app-context.ts'

/** Asks once before a job is ended. */
export function CancelDialog({ job }: { readonly job: JobSummary }) {
  const { commands, store } = useApp()
  const open = job.totalSheets - job.completedSheets
  const works = job.status === 'running' || job.status === 'pausing'
  return (
    <Dialog
      title={`Cancel ${job.name}?`}
      onClose={store.closeDialog}
      actions={
        <>
          <Button
            label={job.frozen ? 'Keep it frozen' : works ? 'Keep running' : 'Keep it'}
            autoFocus
            onPress={store.closeDialog}
          />
          <Button
            kind="danger"
            label="Cancel job"
            onPress={() => {
              store.closeDialog()
              // The button that asked goes away with the job's end; its row stays.
              store.select(job.id, { focus: true })
              void commands.cancel(job.id)
            }}
          />
        </>
      }
    >
      <p>
        {job.running.length > 0 &&
          `${job.frozen ? 'The frozen processes' : 'The processes at work'} are ended now, and what their sheets have not finished is lost. `}
        {open} of {plural(job.totalSheets, 'sheet')} will not be done.
      </p>
      <p className="mt-2">
        Finished sheets and the files in the workspace stay. Resumed later, unfinished sheets start from their beginning.
      </p>
    </Dialog>
  )
}
