import type { JobSummary } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useApp } from '../../state/app-context.ts'
import type { SheetQuestion } from '../../state/app-store.ts'

interface SheetDialogProps {
  readonly job: JobSummary
  readonly question: SheetQuestion
}

/** Asks before a sheet that runs is ended, to run again or to be left out. */
export function SheetDialog({ job, question: { sheet, action } }: SheetDialogProps) {
  const { commands, store } = useApp()
  const again = action === 'retry'
  const frozen = job.frozen !== null
  // What is held back starts nothing by itself.
  const waits = frozen || job.status === 'pausing'
  return (
    <Dialog
      title={again ? `Run sheet ${sheet} again?` : `Leave out sheet ${sheet}?`}
      onClose={store.closeDialog}
      actions={
        <>
          <Button label={frozen ? 'Keep it frozen' : 'Let it run'} autoFocus onPress={store.closeDialog} />
          <Button
            kind="danger"
            label={again ? 'End and run again' : 'End and leave out'}
            onPress={() => {
              store.closeDialog()
              void commands.onSheet(job.id, sheet, action)
            }}
          />
        </>
      }
    >
      <p>
        {frozen ? 'It stands frozen.' : 'It runs now.'} Its processes are ended, and what this attempt has not finished is lost;
        files it wrote stay.
      </p>
      <p className="mt-2">
        {again
          ? `${waits ? 'When the job is resumed' : 'Then'} it starts from its beginning, with all its tries. Other sheets are not touched.`
          : `The sheets that depend on it go on without its work${waits ? ' when the job is resumed' : ''}. As long as the job is not completed, it can be run again.`}
      </p>
    </Dialog>
  )
}
