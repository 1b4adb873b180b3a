import { crossings, type Overrun, overrunsOf, overrunText } from './budgets.ts'
import { clockEffects, wound } from './job-clock.ts'
import type { Effect, JobNews, JobState, JobStatus, SheetState } from './state.ts'
import { isInFlight, isSatisfied, isTerminalJob, isTerminalSheet, isTimed } from './statuses.ts'

/** Maps without copying when nothing changed: identity tells the store what to write. */
function mapSheets(sheets: readonly SheetState[], change: (sheet: SheetState) => SheetState): readonly SheetState[] {
  let copy: SheetState[] | null = null
  for (const [index, sheet] of sheets.entries()) {
    const changed = change(sheet)
    if (changed === sheet) continue
    copy ??= [...sheets]
    copy[index] = changed
  }
  return copy ?? sheets
}

/** A sheet may go when all it depends on is done, or was left out by design (Marianne §7.5). */
function promote({ sheets, graph }: JobState): readonly SheetState[] {
  const satisfied = (number: number) => {
    const source = sheets[number - 1]
    return source === undefined || isSatisfied(source)
  }
  // Where all wait for all they share one list: looked at for each of them it would be the square of their number.
  const known = new Map<readonly number[], boolean>()
  const mayGo = (sources: readonly number[]): boolean => {
    if (sources.length < 2) return sources.every(satisfied)
    const answer = known.get(sources) ?? sources.every(satisfied)
    known.set(sources, answer)
    return answer
  }
  return mapSheets(sheets, (sheet) =>
    sheet.status === 'pending' && mayGo(graph.dependsOn[sheet.number - 1] ?? []) ? { ...sheet, status: 'ready' } : sheet,
  )
}

const withdrawReady = (sheets: readonly SheetState[]): readonly SheetState[] =>
  mapSheets(sheets, (sheet) => (sheet.status === 'ready' ? { ...sheet, status: 'pending' } : sheet))

const cancelRest = (sheets: readonly SheetState[]): readonly SheetState[] =>
  mapSheets(sheets, (sheet) =>
    isTerminalSheet(sheet) || isInFlight(sheet) ? sheet : { ...sheet, status: 'cancelled', wakeAt: null },
  )

/** For each sheet that cannot run any more the failed one that is to blame: all that depends on it, however far away. */
function downstream({ sheets, graph }: JobState): ReadonlyMap<number, number> {
  const blame = new Map<number, number>()
  for (const { number, status } of sheets) {
    if (status !== 'failed') continue
    const todo = [number]
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      for (const dependent of graph.dependents[next - 1] ?? []) {
        const sheet = sheets[dependent - 1]
        // Done, or left out by its user's wish: what comes after it can run all the same.
        if (blame.has(dependent) || (sheet && isSatisfied(sheet))) continue
        blame.set(dependent, number)
        todo.push(dependent)
      }
    }
  }
  return blame
}

/** Marianne §7.5: downstream of a failure is skipped with E999, naming the sheet that blocks it. */
function blockAfterFailure(job: JobState): readonly SheetState[] {
  const failed = job.sheets.find(({ status }) => status === 'failed')
  if (!failed) return job.sheets
  const blame = downstream(job)
  return mapSheets(job.sheets, (sheet) => {
    const culprit = blame.get(sheet.number) ?? (job.policy.failFast ? failed.number : undefined)
    if (culprit === undefined || isTerminalSheet(sheet) || isInFlight(sheet)) return sheet
    return { ...sheet, status: 'skipped', wakeAt: null, error: { code: 'E999', message: `Not run: sheet ${culprit} failed` } }
  })
}

/** The last sheet is done and there is something to do about it (Marianne §7.9: only after work, or chains never end). */
const hooksAwait = ({ policy, hooks, looking, sheets }: JobState): boolean =>
  policy.hasHooks &&
  hooks === 'due' &&
  looking.length === 0 &&
  sheets.every(isSatisfied) &&
  sheets.some(({ status }) => status === 'completed')

/** Held by its user or a limit, or by something that went wrong while nobody watched. */
const heldStatus = ({ hold }: JobState): JobStatus =>
  hold === 'crash' || hold === 'return' || hold === 'restored' ? 'interrupted' : 'paused'

/** The status follows from what the user wants and from what the sheets do; it is never set by hand. */
function statusOf(job: JobState): JobStatus {
  const { sheets, intent, hold, hooks, looking } = job
  if (job.frozen) return 'paused'
  if (sheets.some(isInFlight)) return intent === 'pause' ? 'pausing' : 'running'
  // It is not at rest, nor over, before nothing runs any more that looks at its sheets.
  if (looking.length > 0 && (intent !== 'run' || sheets.every(isTerminalSheet))) return intent === 'pause' ? 'pausing' : 'running'
  if (sheets.every(isTerminalSheet)) {
    if (sheets.some(({ status }) => status === 'cancelled')) return hold === 'timeout' ? 'failed' : 'cancelled'
    if (!sheets.every(isSatisfied)) return 'failed'
    if (hooks === 'running') return 'running'
    if (intent === 'pause' && hooksAwait(job)) return heldStatus(job)
    if (hooks !== 'failed') return 'completed'
    return intent === 'cancel' ? 'cancelled' : 'failed'
  }
  if (intent === 'pause') return heldStatus(job)
  const ready = sheets.some(({ status }) => status === 'ready')
  if (sheets.some(({ status }) => status === 'fermata')) return 'waiting'
  return !ready && sheets.some(isTimed) ? 'waiting' : 'queued'
}

const NEWS: Partial<Record<JobStatus, JobNews>> = {
  pausing: 'pausing',
  paused: 'paused',
  waiting: 'waiting',
  interrupted: 'interrupted',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
}

/** A sheet that will not go on by itself needs no timer any more: it was left out or cancelled, or its job is held. */
function timersToClear(changed: JobState, state: JobState, timersRun: boolean): Effect[] {
  if (!timersRun) return []
  const idle = changed.sheets.filter((sheet, index) => {
    const now = state.sheets[index]
    return isTimed(sheet) && (state.intent !== 'run' || !now || !isTimed(now))
  })
  return idle.map(({ number }) => ({ type: 'clear_timer', sheet: number }))
}

/** Only what may start is looked at. */
const looksToStop = ({ looking, sheets }: JobState): Effect[] =>
  looking.flatMap((sheet) => (sheets[sheet - 1]?.status === 'ready' ? [] : [{ type: 'stop_look', sheet }]))

/** What its sheets that are done left running was meant for those that do not come any more. */
const endsBadly = ({ status: before }: JobState, status: JobStatus, { sheets }: JobState): boolean =>
  (status === 'failed' || status === 'cancelled') &&
  !isTerminalJob(before) &&
  sheets.some(({ status: one, attempts }) => one === 'completed' && attempts > 0)

const goes = ({ intent, frozen }: JobState): boolean => intent === 'run' && frozen === null

/** Nothing is left that could be thawed: what its user froze is held like any paused job. */
function withoutEmptyFreeze(job: JobState): JobState {
  if (job.frozen === null || job.sheets.some(isInFlight)) return job
  const isHeld = job.frozen.by === 'user' && job.intent === 'run'
  return { ...job, frozen: null, ...(isHeld ? { intent: 'pause', hold: 'user' } : {}) }
}

/** A budget is used up: what its score wants done then. It may be done already, and is not done twice. */
function enforced(job: JobState, over: Overrun, now: number): { job: JobState; effects: readonly Effect[] } {
  const nothing = { job, effects: [] }
  const flying = job.sheets.filter(isInFlight)
  // What is used up before it starts is not started.
  const runs = over.scope === 'job' ? flying.length > 0 : flying.some(({ number }) => number === over.sheet)
  if (over.action === 'freeze' && runs) {
    if (job.frozen) return nothing
    const frozen = { since: now, by: 'budget', thawing: false } as const
    const still = flying.map(({ number }): Effect => ({ type: 'freeze_attempt', sheet: number }))
    return { job: { ...job, frozen }, effects: [...still, { type: 'announce_job', news: 'frozen' }] }
  }
  if (over.action === 'cancel' && over.scope === 'sheet' && runs) {
    const sheet = job.sheets[(over.sheet ?? 0) - 1]
    if (!sheet || sheet.asked) return nothing
    const message = `Ended: ${overrunText(over)}`
    const ended: SheetState = { ...sheet, asked: 'fail', error: { code: 'E999', message } }
    return {
      job: { ...job, sheets: job.sheets.with(sheet.number - 1, ended) },
      effects: [{ type: 'stop_attempt', sheet: sheet.number }],
    }
  }
  if (over.action === 'cancel' && over.scope === 'job' && job.intent === 'run') {
    const stops = flying.map(({ number }): Effect => ({ type: 'stop_attempt', sheet: number }))
    return { job: { ...job, intent: 'cancel', hold: 'budget', frozen: null }, effects: stops }
  }
  return job.intent === 'run' ? { job: { ...job, intent: 'pause', hold: 'budget' }, effects: [] } : nothing
}

/** What all budgets ask for that are used up. */
function allEnforced(job: JobState, now: number): { job: JobState; effects: readonly Effect[] } {
  const effects: Effect[] = []
  let held = job
  for (const over of overrunsOf(job)) {
    const step = enforced(held, over, now)
    held = step.job
    effects.push(...step.effects)
    if (held.intent === 'cancel') break
  }
  return { job: held, effects }
}

function settledSheets(job: JobState): JobState {
  const moved = job.intent === 'cancel' ? cancelRest(job.sheets) : goes(job) ? promote(job) : withdrawReady(job.sheets)
  const next = moved === job.sheets ? job : { ...job, sheets: moved }
  const sheets = blockAfterFailure(next)
  return sheets === next.sheets ? next : { ...next, sheets }
}

/**
 * Brings a job whose sheets, intent or hold were changed into a consistent whole: promotes or withholds sheets,
 * derives the status, stamps times and tells the news. Returns `previous` itself when nothing changed.
 */
export function settle(previous: JobState, changed: JobState, now: number): { state: JobState; effects: Effect[] } {
  const given = withoutEmptyFreeze(changed)
  const promoted = settledSheets(given)
  const isOver = given.intent === 'cancel' || promoted.sheets.every(isTerminalSheet)
  const held = isOver ? { job: promoted, effects: [] } : allEnforced(promoted, now)
  const broke = given.intent === 'run' && held.job.hold === 'budget' && held.job.intent !== 'run'
  const moved = wound(held.job === promoted ? promoted : settledSheets(held.job), now)
  const due = moved.intent === 'run' && hooksAwait(moved)
  const settled: JobState = due ? { ...moved, hooks: 'running' } : moved
  const status = statusOf(settled)
  if (settled === previous && status === previous.status) return { state: previous, effects: [] }

  const running = settled.sheets.some(isInFlight)
  const leaves = endsBadly(previous, status, settled)
  const state: JobState = {
    ...settled,
    status,
    leftoversDue: settled.leftoversDue || leaves,
    hold: status === 'completed' ? null : settled.hold,
    statusSince: status === previous.status ? previous.statusSince : now,
    startedAt: settled.startedAt ?? (running ? now : null),
    completedAt: isTerminalJob(status) ? (isTerminalJob(previous.status) ? previous.completedAt : now) : null,
    version: previous.version + 1,
  }
  const effects: Effect[] = timersToClear(changed, state, previous.intent === 'run' || changed.intent === 'run')
  effects.push(...held.effects)
  effects.push(...looksToStop(state))
  effects.push(...clockEffects(previous, state))
  if (leaves) effects.push({ type: 'end_leftovers' })
  if (previous.startedAt === null && state.startedAt !== null) effects.push({ type: 'announce_job', news: 'started' })
  if (due) effects.push({ type: 'run_hooks' })
  for (const { level, text } of crossings(previous, state))
    effects.push({ type: 'announce_job', news: level === 'warning' ? 'budget_warning' : 'budget_limit', detail: text })
  const news = NEWS[status]
  // Resumed over its budget it is paused before and after: its user is told why nothing goes on.
  // A freeze tells its own news.
  if (news && !state.frozen && (status !== previous.status || broke)) effects.push({ type: 'announce_job', news })
  return { state, effects }
}
