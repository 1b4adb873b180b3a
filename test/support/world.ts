import { LimitCoordinator } from '../../main/engine/limits/coordinator.ts'
import type { Standing, StandingStore } from '../../main/engine/limits/standing.ts'
import { decide } from '../../main/engine/scheduling/decide.ts'
import { dispatch } from '../../main/engine/scheduling/dispatch.ts'
import { stationAt } from '../../main/engine/scheduling/graph.ts'
import { covers, limitWaitOf, waitingSheets } from '../../main/engine/scheduling/limited-sheets.ts'
import type { AttemptOutcome, Effect, JobEvent, JobState, Station } from '../../main/engine/scheduling/state.ts'
import { isInFlight, isTerminalJob, isTimed } from '../../main/engine/scheduling/statuses.ts'
import { NOW } from './jobs.ts'

/** How many sheets may run at once in such a world. */
interface Room {
  readonly maxSheets: number
  readonly instrument: number
  /** The model `large` has a limit of its own. */
  readonly large: number
}

/** Something an obedient outside can do next. */
type Next =
  | { readonly kind: 'begin' | 'end'; readonly jobId: string; readonly sheet: number }
  | { readonly kind: 'hooks'; readonly jobId: string }
  | { readonly kind: 'wake'; readonly at: number; readonly jobId: string | null; readonly sheet: number }

/**
 * An outside that does all that the jobs ask for, with the true dispatcher and limits: processes, timers and hooks are entries
 * of maps. Promises that must hold at every step are looked after here; each breach is an error.
 */
export class World {
  readonly jobs = new Map<string, JobState>()
  /** Running attempts (`job/sheet` → number). */
  readonly running = new Map<string, number>()
  readonly counts = new Map<string, number>()
  now = NOW
  #limits: LimitCoordinator
  /** What is known of instruments outlives a crash. */
  readonly #standings = memoryStore()
  #timers = new Map<string, { jobId: string; sheet: number; at: number }>()
  #hooks = new Set<string>()
  #wakeAt: number | null = null
  readonly #room: Room
  readonly #admit: (sheet: number) => JobEvent

  /** @param admit what happens to a sheet that may start: it does, or is left out, or held */
  constructor(jobs: readonly JobState[], room: Room, admit = (sheet: number): JobEvent => ({ type: 'slot_granted', sheet })) {
    this.#room = room
    this.#admit = admit
    this.#limits = this.#newLimits()
    for (const job of jobs) this.jobs.set(job.id, job)
    for (const job of jobs) this.happen(job.id, { type: 'start' })
  }

  #newLimits(): LimitCoordinator {
    const { maxSheets, instrument, large } = this.#room
    const capacity = { instrument, models: new Map([['large', large]]) }
    return new LimitCoordinator({ maxSheets, capacityOf: () => capacity, store: this.#standings })
  }

  /** Its user has logged in wherever that was wanted. */
  login(): void {
    for (const instrument of ['a', 'b', 'c']) {
      if (this.#limits.standing(instrument).refusal === null) continue
      this.count('login')
      this.#limits.retry(instrument, this.now)
      const waiting = waitingSheets([...this.jobs.values()], (station) => station.instrument === instrument)
      for (const { jobId, sheet } of waiting) this.happen(jobId, { type: 'limit_cleared', sheet })
    }
    while (this.#grant());
  }

  /** Something of the job waits for a login. */
  wantsLogin(job: JobState): boolean {
    return limitWaitOf(job, (station) => this.#limits.waitFor(station, this.now))?.cause === 'login'
  }

  /** An event of one job, and all that follows from it at once. */
  happen(jobId: string, event: JobEvent): void {
    this.#step(jobId, event)
    for (let rounds = 0; this.#grant(); rounds++) if (rounds > 1000) throw new Error('The dispatcher never comes to rest')
  }

  /** What may happen next, in a fixed order; nothing when all is over or waits for a person. */
  next(): readonly Next[] {
    const found: Next[] = []
    for (const job of this.jobs.values()) {
      if (this.#hooks.has(job.id)) found.push({ kind: 'hooks', jobId: job.id })
      // What stands still neither begins nor ends.
      for (const sheet of job.sheets)
        if (isInFlight(sheet) && !job.frozen)
          found.push({ kind: sheet.status === 'dispatched' ? 'begin' : 'end', jobId: job.id, sheet: sheet.number })
    }
    const wakes: Next[] = [...this.#timers.values()].map((timer) => ({ kind: 'wake', ...timer }))
    if (this.#wakeAt !== null) wakes.push({ kind: 'wake', at: this.#wakeAt, jobId: null, sheet: 0 })
    const first = wakes.sort((a, b) => (a.kind === 'wake' && b.kind === 'wake' ? a.at - b.at : 0))[0]
    return first ? [...found, first] : found
  }

  /** Lets it happen. */
  do(next: Next, outcome: AttemptOutcome, costUsd: number | null): void {
    if (next.kind === 'wake') {
      this.now = Math.max(this.now, next.at)
      if (next.jobId === null) {
        this.#wakeAt = null
        while (this.#grant());
        return
      }
      this.#timers.delete(`${next.jobId}/${next.sheet}`)
      this.happen(next.jobId, { type: 'timer_fired', sheet: next.sheet })
      return
    }
    const { jobId } = next
    if (next.kind === 'hooks') {
      this.#hooks.delete(jobId)
      this.happen(jobId, { type: 'hooks_ended', error: outcome.kind === 'succeeded' ? null : 'broke' })
      return
    }
    const { sheet } = next
    const attempt = this.running.get(`${jobId}/${sheet}`)
    if (attempt === undefined) throw new Error('A sheet is in flight and nothing runs')
    if (next.kind === 'begin') this.happen(jobId, { type: 'attempt_started', sheet, attempt })
    else {
      this.running.delete(`${jobId}/${sheet}`)
      const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd }
      this.happen(jobId, { type: 'attempt_ended', sheet, attempt, outcome, usage })
    }
  }

  /**
   * Everything but the stored states is gone; then Fermata comes back.
   * @param lost which attempts in flight did not live on
   */
  crash(lost: (sheet: number) => boolean): void {
    this.count('crash')
    this.#limits = this.#newLimits()
    this.#timers.clear()
    this.#hooks.clear()
    const gone: [string, JobEvent][] = []
    for (const [id, stored] of this.jobs) {
      // -Infinity and the like must not be in a state: they would not survive.
      const job: JobState = JSON.parse(JSON.stringify(stored))
      this.jobs.set(id, job)
      if (isTerminalJob(job.status)) continue
      for (const sheet of job.sheets) {
        if (isInFlight(sheet) && lost(sheet.number)) {
          this.running.delete(`${id}/${sheet.number}`)
          const ended = { type: 'attempt_ended', sheet: sheet.number, attempt: sheet.attempts, usage: null } as const
          gone.push([id, { ...ended, outcome: job.intent === 'cancel' ? { kind: 'stopped', survivors: [] } : { kind: 'lost' } }])
        }
        if (!isTimed(sheet) || sheet.wakeAt === null) continue
        if (sheet.status === 'waiting') this.#limits.limit(stationAt(job, sheet), sheet.wakeAt, this.now, '')
        if (job.intent === 'run') this.#timers.set(`${id}/${sheet.number}`, { jobId: id, sheet: sheet.number, at: sheet.wakeAt })
      }
    }
    for (const [id, event] of gone) this.happen(id, event)
    for (const [id, job] of this.jobs) if (!isTerminalJob(job.status)) this.happen(id, { type: 'start' })
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }

  #job(jobId: string): JobState {
    const job = this.jobs.get(jobId)
    if (!job) throw new Error(`No job ${jobId}`)
    return job
  }

  #step(jobId: string, event: JobEvent): void {
    const before = this.#job(jobId)
    const { state, effects } = decide(before, event, this.now)
    this.jobs.set(jobId, state)
    for (const [index, sheet] of before.sheets.entries())
      if (sheet.status === 'completed' && state.sheets[index] !== sheet)
        throw new Error(`Completed sheet ${sheet.number} changed`)
    for (const effect of effects) this.#perform(before, effect)
  }

  /** Gives out what can be given; whether anything was. */
  #grant(): boolean {
    const limits = this.#limits.at(this.now)
    const plan = dispatch([...this.jobs.values()], limits, new Set(), this.now)
    this.#wakeAt = plan.wakeAt
    for (const jobId of plan.thaws) this.#step(jobId, { type: 'thaw_granted' })
    for (const { jobId, sheet, reason } of plan.switches) this.#step(jobId, { type: 'switch', sheet, reason })
    const trials = new Map<string, number>()
    for (const { jobId, sheet } of plan.grants) {
      const job = this.#job(jobId)
      const station = stationAt(job, job.sheets[sheet - 1] ?? { number: sheet, choice: 0 })
      if (job.intent !== 'run' || job.frozen) throw new Error('A slot for a job that is not to run')
      if (limits.limitedUntil(station) !== null || limits.brokenUntil(station) !== null)
        throw new Error('A slot on a shut instrument')
      if (limits.refusal(station) !== null) throw new Error('A slot on an instrument that wants a login')
      const trial = limits.trial(station)
      const tried = trial?.whole ? station.instrument : `${station.instrument}:${station.model}`
      if (trial) trials.set(tried, (trials.get(tried) ?? 0) + 1)
      if (trial?.begun && this.#played((other) => covers({ ...station, model: trial.whole ? null : station.model }, other)) > 0)
        throw new Error('A trial is not alone')
      this.#step(jobId, this.#admit(sheet))
    }
    for (const count of trials.values()) {
      this.count('probe')
      if (count > 1) throw new Error('Two trials at once')
    }
    this.#checkRoom()
    return plan.grants.length > 0 || plan.switches.length > 0 || plan.thaws.length > 0
  }

  #played(which: (station: Station) => boolean): number {
    let count = 0
    for (const job of this.jobs.values()) {
      // What gave its slots away while frozen and is ended now may be one too many until it is gone.
      if (!job.policy.frozenHoldsSlot && (job.frozen || job.intent === 'cancel')) continue
      for (const sheet of job.sheets) if (isInFlight(sheet) && which(stationAt(job, sheet))) count += 1
    }
    return count
  }

  /** Never more than the limits at once, over all jobs. */
  #checkRoom(): void {
    const { maxSheets, instrument, large } = this.#room
    for (const job of this.jobs.values()) {
      const inFlight = job.sheets.filter(isInFlight).length
      if (inFlight > job.policy.maxConcurrent) throw new Error('Too many sheets of one job')
      if (inFlight > 1) this.count('parallel')
    }
    const all = this.#played(() => true)
    if (all === maxSheets) this.count('full')
    if (all > maxSheets) throw new Error('Too many sheets')
    for (const name of ['a', 'b', 'c']) {
      const ordinary = this.#played((one) => one.instrument === name && one.model !== 'large')
      if (ordinary === instrument) this.count('instrument full')
      if (ordinary > instrument) throw new Error('Too many sheets on one instrument')
      const own = this.#played((one) => one.instrument === name && one.model === 'large')
      if (own === large) this.count('model full')
      if (own > large) throw new Error('Too many sheets on one model')
    }
  }

  #perform(before: JobState, effect: Effect): void {
    const { id } = before
    this.count(effect.type === 'announce_job' || effect.type === 'announce_sheet' ? effect.news : effect.type)
    switch (effect.type) {
      case 'start_attempt': {
        const key = `${id}/${effect.sheet}`
        if (this.running.has(key)) throw new Error('Two attempts of one sheet at once')
        if (before.intent !== 'run' || before.frozen) throw new Error('An attempt of a job that is not to run')
        if (before.sheets[effect.sheet - 1]?.status === 'completed') throw new Error('A completed sheet runs again')
        this.running.set(key, effect.attempt)
        this.#limits.began(stationAt(before, before.sheets[effect.sheet - 1] ?? { number: effect.sheet, choice: 0 }), this.now)
        return
      }
      case 'set_timer':
        this.#timers.set(`${id}/${effect.sheet}`, { jobId: id, sheet: effect.sheet, at: effect.at })
        return
      case 'clear_timer':
        this.#timers.delete(`${id}/${effect.sheet}`)
        return
      case 'limit_instrument':
        this.#limits.limit(effect.station, effect.until, this.now, effect.message)
        return
      case 'refuse_instrument':
        this.#limits.refuse(effect.instrument, effect.message, this.now)
        return
      case 'count_outcome':
        this.#limits.count(effect.station, effect.failed, effect.breaker, this.now)
        return
      case 'run_hooks':
        this.#hooks.add(id)
        return
      default:
    }
  }
}

function memoryStore(): StandingStore {
  const kept = new Map<string, Standing>()
  return {
    load: () => kept,
    keep(instrument, standing) {
      if (standing) kept.set(instrument, JSON.parse(JSON.stringify(standing)))
      else kept.delete(instrument)
      return true
    },
  }
}
