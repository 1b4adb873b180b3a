import { type DayLimits, dayBudget, dayOf, nextDay } from '../../limits/day-budget.ts'
import type { AttemptRecord, Clock, JobRecord } from '../../ports.ts'
import type { JobEvent, JobState, Usage } from '../../scheduling/state.ts'
import { isInFlight, isTerminalJob } from '../../scheduling/statuses.ts'
import { addUsage, lessUsage, NO_USAGE } from '../../scheduling/usage.ts'
import type { UsageDays, UsageEntry } from '../../storage/usage-days.ts'
import type { BudgetView } from '../../views.ts'

/** What a running attempt used is written at most so often, in ms; its end always is. */
const WRITE_MS = 5000

export interface DayWatch {
  /** What an attempt used in all so far; `ended`: there will be no more. */
  note(job: JobRecord, record: AttemptRecord, usage: Usage, model: string | null, ended?: boolean): void
  /** Why nothing new may start today, in plain words; null when it may. */
  blocked(): string | null
  /** The budget of today; null when there is none. */
  view(): BudgetView | null
  /** Writes what is not in the ledger yet: somebody is about to read it. */
  flush(): void
  /** The limits have changed, or time went on. */
  look(): void
}

export interface DayParts {
  readonly days: UsageDays
  readonly clock: Pick<Clock, 'now'>
  limits(): DayLimits
  jobs(): readonly JobRecord[]
  apply(jobId: string, event: JobEvent): void
  /** News for the desktop, told in the name of a job that runs. */
  tell(jobId: string, title: string, body: string): void
  onProblem(message: string, error?: unknown): void
}

interface Known {
  readonly today: Usage
  /** What it used on days before. */
  readonly earlier: Usage
  readonly writtenAt: number
  /** What is not written yet. */
  readonly unwritten: UsageEntry | null
}

/**
 * Keeps the ledger of what was used on which day, and the budget of the day over all jobs. An attempt that runs over midnight
 * counts on each day with what it used on it.
 */
export function watchDay({ days, clock, limits, jobs, apply, tell, onProblem }: DayParts): DayWatch {
  let day = ''
  let known = new Map<string, Known>()
  let told: BudgetView['state'] = 'ok'

  /** The attempts of today as the ledger has them; anew when the day has changed. */
  function today(): Map<string, Known> {
    const now = dayOf(clock.now())
    if (now === day) return known
    day = now
    told = 'ok'
    known = new Map()
    for (const { marker, usage } of reading(() => days.since(now).filter((entry) => entry.day === now)) ?? [])
      known.set(marker, { today: usage, earlier: earlierOf(marker), writtenAt: 0, unwritten: null })
    return known
  }

  const earlierOf = (marker: string): Usage =>
    (reading(() => days.before(marker, day)) ?? []).reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE)

  /** What the ledger cannot tell now must not stop a job. */
  function reading<T>(read: () => T): T | null {
    try {
      return read()
    } catch (error) {
      onProblem('What was used today cannot be read.', error)
      return null
    }
  }

  function write(entry: UsageEntry): boolean {
    try {
      days.save(entry)
      return true
    } catch (error) {
      onProblem('What was used today could not be saved.', error)
      return false
    }
  }

  const used = (): Usage => [...today().values()].reduce((sum, { today: usage }) => addUsage(sum, usage), NO_USAGE)
  const view = (): BudgetView | null => dayBudget(used, limits())

  function look(): void {
    const budget = view()
    const state = budget?.state ?? 'ok'
    const running = jobs().find(({ state: job }) => job.sheets.some(isInFlight))?.state.id
    if (budget && running !== undefined && (state === 'over' || (state === 'warned' && told === 'ok')) && state !== told)
      tell(running, state === 'over' ? "Today's budget is used up" : "Today's budget is nearly used up", amounts(budget))
    told = state
    if (budget) act(budget, isSilent, 'budget')
    if (budget?.state === 'over') act(budget, runs, 'day')
    else for (const { state: job } of jobs()) if (job.frozen?.by === 'day') apply(job.id, { type: 'thaw' })
  }

  function act({ action }: BudgetView, concerns: (job: JobState) => boolean, by: 'day' | 'budget'): void {
    if (action !== 'freeze' && action !== 'cancel') return
    for (const { state } of jobs()) {
      if (isTerminalJob(state.status) || state.intent === 'cancel' || !concerns(state)) continue
      if (action === 'cancel') apply(state.id, { type: 'cancel', by: 'day' })
      else if (!state.frozen) apply(state.id, { type: 'freeze', by })
    }
  }

  return {
    note({ score, state }, { marker, sheet, instrument }, usage, model, ended = false) {
      const now = clock.now()
      const all = today()
      const last = all.get(marker) ?? { today: NO_USAGE, earlier: earlierOf(marker), writtenAt: 0, unwritten: null }
      const usedToday = lessUsage(usage, last.earlier)
      const isDue = ended || Math.abs(now - last.writtenAt) >= WRITE_MS
      const entry = { day, marker, jobId: state.id, jobName: score.name, sheet, instrument, model, usage: usedToday }
      const unwritten = isDue && write(entry) ? null : entry
      all.set(marker, { ...last, today: usedToday, writtenAt: isDue ? now : last.writtenAt, unwritten })
      look()
    },
    blocked() {
      const budget = view()
      if (!budget || budget.action === 'notify') return null
      const silent = jobs().find(({ state }) => isSilent(state))
      if (silent) return `nobody can tell what "${silent.score.name}" uses of today's budget: it stopped reporting`
      if (budget.state !== 'over') return null
      const until = new Date(nextDay(clock.now())).toTimeString().slice(0, 5)
      return `today's budget is used up (${amounts(budget)}); goes on at ${until}, or when the budget is raised`
    },
    view,
    flush() {
      for (const [marker, one] of known) if (one.unwritten && write(one.unwritten)) known.set(marker, { ...one, unwritten: null })
    },
    look,
  }
}

const runs = ({ sheets }: JobState): boolean => sheets.some(isInFlight)

/** A sheet of it stopped telling what it uses, and its user has not accepted that: the day's budget is not sure any more. */
const isSilent = ({ sheets }: JobState): boolean => sheets.some((sheet) => isInFlight(sheet) && sheet.unmetered === 'yes')

/** "$20.10 of $20.00" or "1,020,000 of 1,000,000 tokens", whichever is over. */
export function amounts({ tokens, usd }: BudgetView): string {
  const byCost = usd !== null && (tokens === null || usd.used / usd.limit >= tokens.used / tokens.limit)
  const count = (amount: number) => Math.round(amount).toLocaleString('en-US')
  if (byCost) return `$${usd.used.toFixed(2)} of $${usd.limit.toFixed(2)}`
  return tokens === null ? '' : `${count(tokens.used)} of ${count(tokens.limit)} tokens`
}
