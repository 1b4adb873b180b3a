import { ListMusic, type LucideIcon, Settings } from 'lucide-react'
import { useMemo } from 'react'
import type { JobSummary } from '../../preload/contract.ts'
import { FermataSign } from '../components/fermata-sign.tsx'
import { Tooltip } from '../components/tooltip.tsx'
import { formatCost, formatTokens, freshTokens, startOfDay } from '../lib/format.ts'
import { modKeys } from '../lib/keys.ts'
import { useApp, useAppState } from '../state/app-context.ts'

/** The rooms of the window and, at its foot, what today came to. */
export function Sidebar() {
  const { bridge, store } = useApp()
  const inSettings = useAppState(({ view }) => view.name === 'settings')
  const running = useAppState(
    ({ projection }) => [...projection.jobs.values()].filter((job) => job.running.length > 0 && job.frozen === null).length,
  )
  return (
    <nav
      aria-label="Main"
      className="flex w-[52px] shrink-0 flex-col border-line border-r bg-panel px-2 py-[14px] wide:w-[208px] wide:px-2.5"
    >
      <p className="flex items-center justify-center gap-2 px-2 pb-[14px] font-[650] text-[14px] wide:justify-start">
        <span className="text-accent">
          <FermataSign size={20} />
        </span>
        <span className="hidden wide:inline">Fermata</span>
      </p>
      <div className="flex flex-col gap-0.5">
        <Room name="Jobs" icon={ListMusic} keys="Esc" count={running} here={!inSettings} onOpen={store.showJobs} />
        <Room
          name="Settings"
          icon={Settings}
          keys={modKeys(bridge.platform, ',')}
          here={inSettings}
          onOpen={store.showSettings}
        />
      </div>
      <Today />
    </nav>
  )
}

interface RoomProps {
  readonly name: string
  readonly icon: LucideIcon
  readonly keys: string
  /** How many things run in there. */
  readonly count?: number
  readonly here: boolean
  readonly onOpen: () => void
}

function Room({ name, icon: Icon, keys, count = 0, here, onOpen }: RoomProps) {
  return (
    <Tooltip text={name} keys={keys} side="right">
      <button
        type="button"
        aria-current={here ? 'page' : undefined}
        aria-label={count > 0 ? `${name}, ${count} running` : name}
        onClick={onOpen}
        className="relative flex h-8 items-center justify-center gap-2.5 rounded-md px-2 font-medium text-dim transition-colors hover:text-text aria-[current=page]:bg-card aria-[current=page]:text-text aria-[current=page]:shadow-lift wide:justify-start"
      >
        <Icon size={16} className="shrink-0" aria-hidden="true" />
        <span className="hidden wide:inline">{name}</span>
        {count > 0 && (
          <span className="absolute -top-1 -right-1 min-w-[16px] rounded-full bg-accent-soft px-1.5 text-center font-[650] text-[11px] text-accent leading-[16px] tabular-nums wide:static wide:ml-auto wide:leading-[18px]">
            {count}
          </span>
        )}
      </button>
    </Tooltip>
  )
}

/** Sums of the jobs that began today. What an older job used today cannot be told apart from before, so it is left out and the title says so. */
function Today() {
  const jobs = useAppState((state) => state.projection.jobs)
  const { count, tokens, cost } = useMemo(() => sumOfToday(jobs.values(), Date.now()), [jobs])
  if (count === 0) return null
  return (
    <section aria-labelledby="today" className="mt-auto hidden px-2 pb-1 text-dim text-xs wide:block">
      <h2 id="today" className="mb-1.5 font-semibold text-faint">
        Jobs begun today
      </h2>
      <dl className="grid grid-cols-[1fr_auto] gap-y-1 *:even:text-right *:even:font-semibold *:even:text-text *:even:tabular-nums">
        <dt>Jobs</dt>
        <dd>{count}</dd>
        <dt>Tokens</dt>
        <dd>{formatTokens(tokens)}</dd>
        <dt>Cost</dt>
        <dd>{formatCost(cost)}</dd>
      </dl>
    </section>
  )
}

/** @returns count, tokens and US dollars; the cost is null when no job of today has a price. */
export function sumOfToday(jobs: Iterable<JobSummary>, now: number): { count: number; tokens: number; cost: number | null } {
  let count = 0
  let tokens = 0
  let cost: number | null = null
  for (const job of jobs) {
    if (job.startedAt === null || job.startedAt < startOfDay(now)) continue
    count += 1
    tokens += freshTokens(job.usage)
    if (job.usage.costUsd !== null) cost = (cost ?? 0) + job.usage.costUsd
  }
  return { count, tokens, cost }
}
