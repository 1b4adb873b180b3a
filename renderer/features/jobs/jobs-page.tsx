import { Keyboard } from 'lucide-react'
import { useMemo } from 'react'
import { Button } from '../../components/button.tsx'
import { Failed, Part } from '../../components/failed-part.tsx'
import { isHeld } from '../../lib/status.ts'
import { useApp, useAppState } from '../../state/app-context.ts'
import { OpenScoreButton } from '../launch/open-score-button.tsx'
import { QUITTING } from './actions-of.ts'
import { groupJobs, type JobGroup, shownOf } from './group.ts'
import { JobRow } from './job-row.tsx'
import { JobsSkeleton } from './jobs-skeleton.tsx'
import { NoJobs } from './no-jobs.tsx'

/** All jobs, by what they need: those under way, those in line, those done. */
export function JobsPage() {
  const { store } = useApp()
  // An empty list offers the same, in the middle of the page.
  const offersScore = useAppState(({ connection, projection }) => projection.jobs.size > 0 || connection.status === 'failed')
  return (
    <>
      <header className="flex min-h-[57px] items-center gap-2.5 border-line border-b px-[22px]">
        <h1 tabIndex={-1} className="font-[650] text-lg">
          Jobs
        </h1>
        <AllJobsActions />
        <span className="ml-auto" />
        <Button
          kind="quiet"
          icon={Keyboard}
          iconOnly
          label="Keyboard shortcuts"
          keys="?"
          onPress={() => store.openDialog({ kind: 'shortcuts' })}
        />
        {offersScore && <OpenScoreButton />}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto [scrollbar-gutter:stable]">
        <Part name="The list of jobs">
          <JobList />
        </Part>
      </div>
    </>
  )
}

function AllJobsActions() {
  const { commands } = useApp()
  const pausable = useAppState(({ projection }) => [...projection.jobs.values()].some((job) => job.can.pause))
  const isQuitting = useAppState((state) => state.quitting !== null)
  const resumable = useAppState(({ projection }) => [...projection.jobs.values()].some(isHeld))
  return (
    <>
      {pausable && <Button label="Pause all" onPress={() => void commands.pauseAll()} />}
      {resumable && (
        <Button
          label="Resume all"
          hint={isQuitting ? QUITTING : undefined}
          busy={isQuitting}
          onPress={() => void commands.resumeAll()}
        />
      )}
    </>
  )
}

function JobList() {
  const { connector } = useApp()
  const connection = useAppState((state) => state.connection)
  const jobs = useAppState((state) => state.projection.jobs)
  const groups = useMemo(() => groupJobs(jobs.values()), [jobs])

  if (connection.status === 'failed') {
    const { message, remedy } = connection.problem
    return (
      <Failed
        title="The jobs could not be read"
        message={remedy ? `${message} ${remedy}` : message}
        onRetry={connector.refresh}
      />
    )
  }
  if (connection.status === 'loading' && jobs.size === 0) return <JobsSkeleton />
  if (jobs.size === 0) return <NoJobs />
  return (
    <div className="px-[14px] pb-5">
      {groups.map((group) => (
        <Group key={group.title} group={group} first={groups[0]?.jobs[0]?.id} />
      ))}
    </div>
  )
}

function Group({ group, first }: { readonly group: JobGroup; readonly first: string | undefined }) {
  const { store } = useApp()
  const selectedId = useAppState((state) => state.selectedJobId)
  const hasSelection = useAppState((state) => state.selectedJobId !== null && state.projection.jobs.has(state.selectedJobId))
  const showOlder = useAppState((state) => state.showOlder)
  const shown = shownOf(group, showOlder)
  const older = group.jobs.length - shown.length

  return (
    <section aria-label={group.title}>
      <h2 className="px-2 pt-[22px] pb-1.5 font-semibold text-faint text-xs">
        {group.title} <span className="font-medium tabular-nums">· {group.jobs.length}</span>
      </h2>
      <ul>
        {shown.map((job) => (
          <JobRow
            key={job.id}
            job={job}
            selected={job.id === selectedId}
            tabStop={hasSelection ? job.id === selectedId : job.id === first}
          />
        ))}
      </ul>
      {older > 0 && (
        <div className="flex justify-center pt-3">
          <Button label={`Show ${older} older`} onPress={() => store.setState({ showOlder: true })} />
        </div>
      )}
    </section>
  )
}
