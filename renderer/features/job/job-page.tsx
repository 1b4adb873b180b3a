import { SearchX } from 'lucide-react'
import { Button } from '../../components/button.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Failed, Part } from '../../components/failed-part.tsx'
import { sheetToWatch } from '../../lib/status.ts'
import { useApp, useAppState } from '../../state/app-context.ts'
import { WaitBanner } from '../instruments/wait-banner.tsx'
import { BudgetNotice } from './budget-notice.tsx'
import { Facts } from './facts.tsx'
import { JobHeader } from './job-header.tsx'
import { JobSkeleton } from './job-skeleton.tsx'
import { LogPanel } from './log-panel.tsx'
import { Notes } from './notes.tsx'
import { SheetList } from './sheet-list.tsx'
import { Survivors } from './survivors.tsx'
import { useJobDetail } from './use-job-detail.ts'

/** One job: its state and numbers, its sheets, and the log of the sheet in view. */
export function JobPage({ jobId }: { readonly jobId: string }) {
  const { store } = useApp()
  const connected = useAppState((state) => state.connection.status === 'ready')
  const known = useAppState((state) => state.projection.jobs.get(jobId))
  const chosen = useAppState(({ view }) => (view.name === 'job' ? view.sheet : null))
  const { detail, problem, reload } = useJobDetail(jobId, known)
  const job = known ?? detail

  if (!job) {
    if (!connected && !problem) return <JobSkeleton />
    return (
      <EmptyState
        icon={<SearchX size={26} aria-hidden="true" />}
        title="This job is not here any more"
        actions={<Button label="Back to jobs" onPress={store.showJobs} />}
      >
        It was removed while you were away from it.
      </EmptyState>
    )
  }

  const number = chosen ?? sheetToWatch(job.sheetStatuses)
  const sheet = detail?.sheets.find((candidate) => candidate.number === number)
  return (
    <div className="contents" data-job-page={job.id}>
      <JobHeader job={job} />
      <Survivors job={job} />
      <BudgetNotice job={job} />
      <WaitBanner job={job} />
      <Part name="The facts">
        <Facts job={job} sheets={detail?.sheets ?? []} />
      </Part>
      <Notes notes={detail?.notes ?? []} />
      {detail === null && problem ? (
        <Failed title="The sheets could not be read" message={problem.message} onRetry={reload} />
      ) : (
        <div className="grid min-h-0 flex-1 grid-cols-[minmax(276px,0.34fr)_minmax(0,1fr)] wide:grid-cols-[minmax(300px,0.4fr)_minmax(0,1fr)]">
          <Part name="The list of sheets">
            <SheetList job={job} sheets={detail?.sheets ?? null} selected={number} onSelect={store.showSheet} />
          </Part>
          <Part name="The log">{sheet ? <LogPanel key={`${job.id} ${sheet.number}`} job={job} sheet={sheet} /> : <div />}</Part>
        </div>
      )}
    </div>
  )
}
