import { memo, useEffect, useId, useRef } from 'react'
import type { JobSummary } from '../../../preload/contract.ts'
import { reasonOfJob } from '../../../preload/contract-words.ts'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { TEXT } from '../../components/tones.ts'
import { formatClock, formatDuration, hasTokens, NONE, plural } from '../../lib/format.ts'
import { stallOf, stallText } from '../../lib/liveness.ts'
import { elapsed, showsLife } from '../../lib/status.ts'
import { costText, tokensText } from '../../lib/usage.ts'
import { useApp, useAppState } from '../../state/app-context.ts'
import { useNow } from '../../state/clock.ts'
import { useFace } from '../../state/use-face.ts'
import { WaitMenu } from '../instruments/wait-menu.tsx'
import { JobActions } from './job-actions.tsx'
import { ROW_GRID } from './row-grid.ts'

interface JobRowProps {
  readonly job: JobSummary
  readonly selected: boolean
  /** The row the Tab key leads to. */
  readonly tabStop: boolean
}

/** One job: what it is, why it is as it is, how far it got, what it cost, and what can be done about it. */
export const JobRow = memo(function JobRow({ job, selected, tabStop }: JobRowProps) {
  const { store } = useApp()
  const id = useId()
  const counts = job.wakeAt !== null || typeof job.limitWait?.until === 'number'
  const now = useNow(job.running.length > 0 || counts || job.frozen !== null)
  const { word, role } = useFace(job)
  const stall = job.running.map((attempt) => stallOf(attempt, now)).find((found) => found !== null)
  const sheets = `${job.completedSheets} of ${plural(job.totalSheets, 'sheet')}`
  const link = useSelectedFocus(selected)

  return (
    <li
      data-job-id={job.id}
      data-status={job.status}
      data-frozen={job.frozen !== null || undefined}
      className={`relative isolate py-[9px] not-first:border-line not-first:border-t ${ROW_GRID}`}
    >
      <span className="justify-self-center">
        <StatusDot role={role} live={showsLife(job, now)} />
      </span>
      <div className="pointer-events-none min-w-0">
        {/* Stretched over the whole row, under the buttons. */}
        <a
          ref={link}
          href={`#${job.id}`}
          draggable={false}
          tabIndex={tabStop ? 0 : -1}
          aria-label={`${job.name}, ${word}, ${sheets}`}
          aria-describedby={id}
          aria-current={selected || undefined}
          onFocus={() => store.select(job.id)}
          onClick={(event) => {
            event.preventDefault()
            store.showJob(job.id)
          }}
          className={`block truncate font-semibold outline-none after:pointer-events-auto after:absolute after:inset-0 after:-z-1 after:rounded-lg after:transition-colors focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2 ${selected ? 'after:bg-accent-soft' : 'hover:after:bg-hover'}`}
        >
          {job.name}
        </a>
        <p id={id} className="line-clamp-4 text-dim text-sm text-pretty">
          {reasonOfJob(job)}
          {stall && <span className="font-medium text-wait"> · {stallText(stall, now)}</span>}
        </p>
        {job.limitWait && (
          <div className="pointer-events-auto mt-1 w-fit max-w-full">
            <WaitMenu wait={job.limitWait} now={now} />
          </div>
        )}
      </div>
      <div className="pointer-events-none grid gap-[5px]">
        <p className="flex justify-between gap-3 text-sm whitespace-nowrap">
          <span className="text-dim tabular-nums">{sheets}</span>
          <span className={`truncate font-medium ${TEXT[role]}`}>
            {word}
            {job.wakeAt !== null && job.wakeAt > now && <Aside>{formatDuration(job.wakeAt - now)}</Aside>}
            {job.frozen && <Aside>{formatDuration(now - job.frozen.since)}</Aside>}
          </span>
        </p>
        <ProgressBar statuses={job.sheetStatuses} label={`Progress of ${job.name}`} frozen={job.frozen !== null} />
      </div>
      <Times job={job} now={now} />
      <p className="pointer-events-none text-right tabular-nums">
        {tokensText(job.usage)}
        <small className="block text-dim text-xs">{hasTokens(job.usage) ? costText(job.usage) : ''}</small>
      </p>
      <div className="flex justify-end gap-1.5">
        <JobActions job={job} now={now} describedBy={id} />
      </div>
    </li>
  )
})

/** How long it still is, or has been, beside the word. */
function Aside({ children }: { readonly children: string }) {
  return <span className="hidden font-normal text-dim wide:inline"> · {children}</span>
}

function Times({ job, now }: { readonly job: JobSummary; readonly now: number }) {
  const spent = elapsed(job, now)
  const since =
    job.completedAt !== null
      ? `ended ${formatClock(job.completedAt, now)}`
      : job.startedAt !== null
        ? `since ${formatClock(job.startedAt, now)}`
        : ''
  return (
    <p className="pointer-events-none hidden text-right tabular-nums wide:block">
      {spent === null ? NONE : formatDuration(spent)}
      <small className="block text-dim text-xs whitespace-nowrap">{since}</small>
    </p>
  )
}

/** Gives the selected row's link the keyboard focus whenever that is asked for. */
function useSelectedFocus(selected: boolean) {
  const ref = useRef<HTMLAnchorElement>(null)
  const request = useAppState((state) => (selected ? state.focusRequest : 0))
  useEffect(() => {
    if (request === 0) return
    ref.current?.focus({ preventScroll: true })
    ref.current?.closest('li')?.scrollIntoView({ block: 'nearest' })
  }, [request])
  return ref
}
