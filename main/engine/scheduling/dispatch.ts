import { clockTime } from './clock-time.ts'
import { nextChoice, stationAt } from './graph.ts'
import { heldLimitReason, refusedReason } from './limit-wait.ts'
import type { InstrumentSwitch, JobState, SheetState, Station } from './state.ts'
import { isInFlight } from './statuses.ts'

/** What limits there are over all jobs. Times are epoch ms; null is no limit. */
export interface Limits {
  readonly maxSheets: number
  /** Why the computer should not be given more to do just now; null when it may. */
  readonly pressure: string | null
  /** Sheets on this instrument at once. */
  capacity(instrument: string): number
  /** Sheets on this model of it at once, where it has a limit of its own. */
  modelCapacity(station: Station): number | null
  /** Until when nobody may use it, by a rate limit; Infinity: not before its user says so. */
  limitedUntil(station: Station): number | null
  /** Until when nobody should use it, after too many failures. */
  brokenUntil(station: Station): number | null
  /** A limit or a rest of it is over, and one sheet shows whether it can be used again. */
  trial(station: Station): Trial | null
  /** Why nobody uses it before its user did something about it, such as a login. */
  refusal(station: Station): string | null
}

/** One sheet at a time tries an instrument, or one of its models. */
export interface Trial {
  /** A sheet has begun to; while none has, those that began before the limit do not keep one from it. */
  readonly begun: boolean
  /** Epoch ms; Infinity: until it is known how it went. */
  readonly until: number
  /** All models of the instrument together. */
  readonly whole: boolean
}

export interface Slot {
  readonly jobId: string
  readonly sheet: number
}

type SwitchReason = Extract<InstrumentSwitch['reason'], 'rate_limit' | 'unavailable' | 'auth_failure'>

/** Which ready sheets may start now, and why the others may not. */
export interface DispatchPlan {
  readonly grants: readonly Slot[]
  /** Ready sheets that should go on with their next instrument, since theirs cannot be used now. */
  readonly switches: readonly (Slot & { readonly reason: SwitchReason })[]
  /** Frozen jobs that may go on: the slots they gave away are there again. */
  readonly thaws: readonly string[]
  /** Plain words per job that has a ready sheet and got no slot. */
  readonly blocked: ReadonlyMap<string, string>
  /** Epoch ms at which it is worth looking again though nothing happened; null when never. */
  readonly wakeAt: number | null
}

interface Queue {
  readonly job: JobState
  readonly ready: readonly SheetState[]
  next: number
  inFlight: number
}

interface Refusal {
  readonly why: string
  /** When the instrument cannot be used now, as against one that is merely taken. */
  readonly reason: SwitchReason | null
}

/** Nobody tells when there is memory again: it is looked for. */
const PRESSURE_LOOK_MS = 5000

const keyOf = (jobId: string, sheet: number): string => `${jobId}/${sheet}`
const modelKey = ({ instrument, model }: Station): string => `${instrument}:${model ?? ''}`

/** Counts what runs, by instrument and by model. */
class Usage {
  total = 0
  readonly #counts = new Map<string, number>()

  add(station: Station): void {
    this.total += 1
    for (const key of [station.instrument, modelKey(station)]) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  of(key: string): number {
    return this.#counts.get(key) ?? 0
  }
}

/** What keeps a whole job from starting sheets, and until when; null when nothing does. */
function jobGate(job: JobState, admitted: number, now: number): { reason: string; until: number | null } | null {
  const held = job.sheets.find(({ status }) => status === 'fermata')
  if (held) return { reason: `Sheet ${held.number} waits for your decision`, until: null }
  if (admitted > 0 && job.policy.staggerMs > 0) return { reason: 'The next sheet starts after this one has', until: null }
  if (job.notBefore === null || job.notBefore <= now) return null
  return { reason: `The next sheet starts at ${clockTime(job.notBefore, now)}`, until: job.notBefore }
}

/**
 * Looks across all jobs (Marianne §7.5: paused, pacing, dependencies, global ceiling, model or instrument, refusal, rate
 * limit, breaker, in this order). Jobs take turns: the one with the fewest sheets in flight is next, then who was served longest ago. A sheet that
 * waits for a time holds no slot.
 *
 * @param preparing sheets (`job/sheet`) that were granted a slot and are looked at before they start; they hold their slot
 * @param now epoch ms
 */
export function dispatch(jobs: readonly JobState[], limits: Limits, preparing: ReadonlySet<string>, now: number): DispatchPlan {
  const grants: Slot[] = []
  const switches: (Slot & { reason: SwitchReason })[] = []
  const blocked = new Map<string, string>()
  const thaws: string[] = []
  const wakes: number[] = []
  const usage = new Usage()
  /** What is about to start. */
  const starting = new Usage()
  const queues: Queue[] = []
  /** By station: what was refused once stays refused in this round. */
  const refused = new Map<string, Refusal>()

  for (const job of jobs) {
    let inFlight = 0
    let admitted = 0
    const ready: SheetState[] = []
    const gaveAway = job.frozen !== null && !job.policy.frozenHoldsSlot
    for (const sheet of job.sheets) {
      const isPreparing = preparing.size > 0 && preparing.has(keyOf(job.id, sheet.number))
      if (isPreparing) admitted += 1
      if (isPreparing || isInFlight(sheet)) {
        inFlight += 1
        if (!gaveAway) usage.add(stationAt(job, sheet))
        if (isPreparing) starting.add(stationAt(job, sheet))
      } else if (sheet.status === 'ready' && job.intent === 'run') ready.push(sheet)
    }
    if (admitted > 0) blocked.set(job.id, 'Looking whether the next sheet is to be played')
    if (ready.length === 0) continue
    const gate = jobGate(job, admitted, now)
    if (gate) {
      blocked.set(job.id, gate.reason)
      if (gate.until !== null) wakes.push(gate.until)
    } else queues.push({ job, ready, next: 0, inFlight })
  }

  // They run already: they come before whatever has not begun.
  for (const job of jobs) {
    if (!job.frozen?.thawing) continue
    const stations = job.sheets.filter(isInFlight).map((sheet) => stationAt(job, sheet))
    if (usage.total + stations.length > limits.maxSheets || !haveRoom(stations)) {
      const slots = stations.length === 1 ? 'a slot is' : `${stations.length} slots are`
      blocked.set(job.id, `Frozen; goes on when ${slots} free`)
    } else thaws.push(job.id)
    // Kept for it while it waits, or those that begin would take its turn for ever.
    for (const station of stations) usage.add(station)
  }

  let waiting = 0
  for (let queue = nextQueue(queues); queue; queue = nextQueue(queues)) {
    const { job } = queue
    const sheet = queue.ready[queue.next]
    queue.next += 1
    if (!sheet) continue
    if (limits.pressure !== null) {
      blocked.set(job.id, `Not running: ${limits.pressure}`)
      wakes.push(now + PRESSURE_LOOK_MS)
      queue.next = queue.ready.length
      continue
    }
    if (usage.total >= limits.maxSheets) {
      const all = `${limits.maxSheets} of ${limits.maxSheets} sheet slots are taken`
      blocked.set(job.id, `Not running: ${all}; ${waiting === 0 ? 'next in line' : `${waiting} before it`}`)
      waiting += 1
      queue.next = queue.ready.length
      continue
    }
    const refusal = stationGate(stationAt(job, sheet))
    if (refusal === null) {
      grants.push({ jobId: job.id, sheet: sheet.number })
      for (const counts of [usage, starting]) counts.add(stationAt(job, sheet))
      queue.inFlight += 1
      if (job.policy.staggerMs > 0) queue.next = queue.ready.length
      continue
    }
    if (!blocked.has(job.id)) blocked.set(job.id, refusal.why)
    if (refusal.reason !== null && nextChoice(job, sheet) !== null)
      switches.push({ jobId: job.id, sheet: sheet.number, reason: refusal.reason })
  }
  for (const { job, ready, next, inFlight } of queues) {
    const { maxConcurrent: most } = job.policy
    if (next < ready.length && inFlight >= most && !blocked.has(job.id))
      blocked.set(job.id, most === 1 ? 'Its job runs one sheet at a time' : `Its job runs ${most} sheets at a time`)
  }
  for (const { jobId } of grants) blocked.delete(jobId)
  return { grants, switches, thaws, blocked, wakeAt: wakes.length > 0 ? Math.min(...wakes) : null }

  function stationGate(station: Station): Refusal | null {
    const key = modelKey(station)
    const known = refused.get(key)
    if (known) return known
    const refusal = look(station)
    if (refusal) refused.set(key, refusal)
    return refusal
  }

  /** Its own capacity where the model has one, else the instrument's. */
  function room(station: Station): { own: boolean; capacity: number; taken: number } {
    const ofModel = station.model === null ? null : limits.modelCapacity(station)
    const own = ofModel !== null
    const capacity = ofModel ?? limits.capacity(station.instrument)
    return { own, capacity, taken: usage.of(own ? modelKey(station) : station.instrument) }
  }

  /** For all of them at once, beside what runs. Where nothing else runs they have it, whatever the limit is by now. */
  function haveRoom(stations: readonly Station[]): boolean {
    return stations.every((station) => {
      const { own, capacity, taken } = room(station)
      const key = own ? modelKey : (one: Station) => one.instrument
      const wanted = stations.filter((other) => key(other) === key(station)).length
      return taken === 0 || taken + wanted <= capacity
    })
  }

  function look(station: Station): Refusal | null {
    const { instrument, model } = station
    const { own, capacity, taken } = room(station)
    const name = model === null ? instrument : `${instrument} (${model})`
    if (taken >= capacity) {
      const of = own ? name : instrument
      return { why: `Not running: ${capacity} of ${capacity} sheets on ${of} are taken`, reason: null }
    }
    const refusal = limits.refusal(station)
    if (refusal !== null) return { why: refusedReason(instrument, refusal), reason: 'auth_failure' }
    for (const [reason, until] of [
      ['rate_limit', limits.limitedUntil(station)],
      ['unavailable', limits.brokenUntil(station)],
    ] as const) {
      if (until === null) continue
      const what = reason === 'rate_limit' ? 'rate limit' : 'failed too often'
      if (until === Number.POSITIVE_INFINITY) return { why: heldLimitReason(name), reason }
      wakes.push(until)
      return { why: `Waiting for ${name} (${what}), resumes by itself at ${clockTime(until, now)}`, reason }
    }
    const trial = limits.trial(station)
    const others = trial?.begun ? usage : starting
    if (trial !== null && others.of(trial.whole ? instrument : modelKey(station)) > 0) {
      if (trial.until !== Number.POSITIVE_INFINITY) wakes.push(trial.until)
      return { why: `Waiting for ${name}: one sheet tries first whether it can be used again`, reason: null }
    }
    return null
  }
}

/** The job whose turn it is; null when none has a ready sheet and room for it. */
function nextQueue(queues: readonly Queue[]): Queue | null {
  let best: Queue | null = null
  for (const queue of queues) {
    if (queue.next >= queue.ready.length || queue.inFlight >= queue.job.policy.maxConcurrent) continue
    if (best === null || compare(queue, best) < 0) best = queue
  }
  return best
}

const compare = (a: Queue, b: Queue): number =>
  a.inFlight - b.inFlight ||
  (a.job.servedAt ?? 0) - (b.job.servedAt ?? 0) ||
  a.job.createdAt - b.job.createdAt ||
  (a.job.id < b.job.id ? -1 : 1)
