import { Pause, Play, X } from 'lucide-react'
import type { JobSummary } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { useApp } from '../../state/app-context.ts'

/** What can be done about a job, at the end of its row: the likely thing first, the one that ends it last. */
export function JobActions({ job, describedBy }: { readonly job: JobSummary; readonly describedBy: string }) {
  const { commands, store } = useApp()
  return (
    <div className="flex justify-end gap-1.5">
      {job.can.pause && (
        <Button
          icon={Pause}
          iconOnly
          label="Pause after this sheet"
          keys="P"
          describedBy={describedBy}
          onPress={() => void commands.pause(job.id)}
        />
      )}
      {job.can.resume && (
        <Button
          icon={Play}
          iconOnly
          label="Resume"
          keys={job.can.pause ? undefined : 'P'}
          describedBy={describedBy}
          onPress={() => void commands.resume(job.id)}
        />
      )}
      {job.can.cancel && (
        <Button
          icon={X}
          iconOnly
          kind="danger"
          label="Cancel…"
          keys="Del"
          describedBy={describedBy}
          onPress={() => store.openDialog({ kind: 'cancel', jobId: job.id })}
        />
      )}
    </div>
  )
}
