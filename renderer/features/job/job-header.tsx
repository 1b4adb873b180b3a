import { ArrowLeft, FolderOpen } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { JobSummary } from '../../../preload/contract.ts'
import { reasonOfJob } from '../../../preload/contract-words.ts'
import { Button } from '../../components/button.tsx'
import { Pill } from '../../components/pill.tsx'
import { formatClock, formatDuration } from '../../lib/format.ts'
import { showsLife } from '../../lib/status.ts'
import { useApp } from '../../state/app-context.ts'
import { useNow } from '../../state/clock.ts'
import { useFace } from '../../state/use-face.ts'
import { JobActions } from '../jobs/job-actions.tsx'

/** Which job this is, how it stands and why, and what can be done about it. */
export function JobHeader({ job }: { readonly job: JobSummary }) {
  const { commands, store } = useApp()
  const now = useNow(job.running.length > 0 || job.frozen !== null)
  const { word, role } = useFace(job)
  const title = useRef<HTMLHeadingElement>(null)

  // A new page: the keyboard and the screen reader begin at its title.
  useEffect(() => title.current?.focus(), [])

  return (
    <header
      data-job-id={job.id}
      data-status={job.status}
      data-frozen={job.frozen !== null || undefined}
      className="flex items-center gap-2 border-line border-b py-2.5 pr-[22px] pl-3"
    >
      <Button kind="quiet" icon={ArrowLeft} iconOnly label="Back to jobs" keys="Esc" onPress={store.showJobs} />
      <div className="mr-3 min-w-0 flex-1">
        <div className="flex items-center gap-2.5">
          <h1 ref={title} tabIndex={-1} className="truncate font-[650] text-lg select-text">
            {job.name}
          </h1>
          <Pill role={role} word={word} live={showsLife(job, now)} />
          {job.frozen && (
            <span className="shrink-0 text-dim text-sm tabular-nums">
              since {formatClock(job.frozen.since, now)} · {formatDuration(now - job.frozen.since)}
            </span>
          )}
        </div>
        <p className="mt-0.5 line-clamp-4 text-dim text-sm select-text">{reasonOfJob(job)}</p>
      </div>
      <Button
        kind="quiet"
        icon={FolderOpen}
        iconOnly
        label="Open the workspace"
        onPress={() => void commands.openWorkspace(job.id)}
      />
      <JobActions job={job} now={now} />
    </header>
  )
}
