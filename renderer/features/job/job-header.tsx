import { ArrowLeft, FolderOpen } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { JobSummary } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { Pill } from '../../components/pill.tsx'
import { faceOfJob, showsLife } from '../../lib/status.ts'
import { useApp } from '../../state/app-context.ts'
import { useNow } from '../../state/clock.ts'

/** Which job this is, how it stands and why, and what can be done about it. */
export function JobHeader({ job }: { readonly job: JobSummary }) {
  const { commands, store } = useApp()
  const now = useNow(job.running.length > 0)
  const { word, role } = faceOfJob(job)
  const title = useRef<HTMLHeadingElement>(null)

  // A new page: the keyboard and the screen reader begin at its title.
  useEffect(() => title.current?.focus(), [])

  return (
    <header
      data-job-id={job.id}
      data-status={job.status}
      className="flex items-center gap-2 border-line border-b py-2.5 pr-[22px] pl-3"
    >
      <Button kind="quiet" icon={ArrowLeft} iconOnly label="Back to jobs" keys="Esc" onPress={store.showJobs} />
      <div className="mr-3 min-w-0 flex-1">
        <div className="flex items-center gap-2.5">
          <h1 ref={title} tabIndex={-1} className="truncate font-[650] text-lg select-text">
            {job.name}
          </h1>
          <Pill role={role} word={word} live={showsLife(job, now)} />
        </div>
        <p className="mt-0.5 line-clamp-4 text-dim text-sm select-text">{job.reason}</p>
      </div>
      <Button
        kind="quiet"
        icon={FolderOpen}
        iconOnly
        label="Open the workspace"
        onPress={() => void commands.openWorkspace(job.id)}
      />
      {job.can.pause && <Button label="Pause after this sheet" keys="P" onPress={() => void commands.pause(job.id)} />}
      {job.can.resume && (
        <Button
          kind="primary"
          label="Resume"
          keys={job.can.pause ? undefined : 'P'}
          onPress={() => void commands.resume(job.id)}
        />
      )}
      {job.can.cancel && (
        <Button kind="danger" label="Cancel…" keys="Del" onPress={() => store.openDialog({ kind: 'cancel', jobId: job.id })} />
      )}
    </header>
  )
}
