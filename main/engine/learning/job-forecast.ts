import type { AttemptRecord, Clock, JobRecord } from '../ports.ts'
import { isInFlight, isTerminalSheet } from '../scheduling/statuses.ts'
import { type Draw, drawFrom, type Effort, type Random } from './draw.ts'
import { Heap } from './heap.ts'
import type { Memory } from './memory.ts'
import { type Outcome, placeOf, ranFor } from './outcome.ts'
import { percentiles } from './percentiles.ts'

/** One in ten is below `low`, half below `mid`, one in ten above `high`. */
export interface Range {
  readonly low: number
  readonly mid: number
  readonly high: number
}

/** What is still to come of a job, from how its sheets went before. Waits for people and limits without a time are not in it. */
export interface JobForecast {
  /** Until its last sheet is done, in ms; null where too little is known. */
  readonly remainingMs: Range | null
  /** Fresh input, cache writes and output. */
  readonly tokens: Range | null
  readonly costUsd: Range | null
  /** Runs of this score, or for some sheets only of their instrument with other scores; null: some sheet ran nowhere yet. */
  readonly basis: 'this score' | 'this instrument' | null
  /** The attempts it rests upon. */
  readonly runs: number
}

const UNKNOWN: JobForecast = { remainingMs: null, tokens: null, costUsd: null, basis: null, runs: 0 }

/** A sheet that is not done yet. */
interface Task {
  readonly draw: Draw
  /** It does not start for so long, in ms. */
  readonly waitMs: number
  /** It has a slot already. */
  readonly runs: boolean
  /** Places among the tasks of those that wait for it. */
  readonly dependents: readonly number[]
  /** Tasks that have to be done before. */
  readonly open: number
}

/** How often the rest of the job is played through: fewer times when it is long, for its chances even out and nobody shall wait. */
const MOST_PLAYS = 60
const LEAST_PLAYS = 6
const SHEETS_PLAYED = 2000

/**
 * Plays the rest of a job through many times, each sheet taking what one like it took before, as many at once as the job may
 * have, and tells how these plays went. What is done costs nothing, what runs is credited with what it ran.
 *
 * @param running the attempts of the job that run now
 */
export function forecastJob(
  job: Pick<JobRecord, 'state' | 'plan' | 'score'>,
  running: readonly AttemptRecord[],
  memory: Pick<Memory, 'of' | 'on'>,
  clock: Pick<Clock, 'now' | 'awake'>,
): JobForecast {
  const { sheets, graph, policy } = job.state
  const open = sheets.filter((sheet) => !isTerminalSheet(sheet))
  if (open.length === 0) return UNKNOWN
  const placeAmong = new Map(open.map(({ number }, index) => [number, index]))
  const among = (numbers: readonly number[] = []): readonly number[] => numbers.flatMap((number) => placeAmong.get(number) ?? [])
  const known = new Set<readonly Outcome[]>()
  let basis: JobForecast['basis'] = 'this score'
  const tasks: Task[] = []
  for (const sheet of open) {
    const { number, choice } = sheet
    const place = placeOf(job, number, choice)
    let outcomes = memory.of(place)
    if (outcomes.length === 0) {
      outcomes = memory.on(place)
      basis = 'this instrument'
    }
    if (outcomes.length === 0) return UNKNOWN
    known.add(outcomes)
    const attempt = running.find((record) => record.sheet === number)
    tasks.push({
      draw: drawFrom(outcomes, policy.maxRetries - sheet.failures, attempt ? ranFor(attempt, clock) : 0),
      waitMs: sheet.wakeAt === null ? 0 : Math.max(0, sheet.wakeAt - clock.now()),
      runs: isInFlight(sheet),
      dependents: among(graph.dependents[number - 1]),
      open: among(graph.dependsOn[number - 1]).length,
    })
  }
  const random = seeded()
  const count = Math.min(MOST_PLAYS, Math.max(LEAST_PLAYS, Math.floor(SHEETS_PLAYED / tasks.length)))
  const pauseMs = policy.maxConcurrent === 1 ? policy.pauseBetweenMs : 0
  const plays = Array.from({ length: count }, () => play(tasks, policy.maxConcurrent, pauseMs, random))
  return {
    remainingMs: rangeOf(plays.map(({ ms }) => Math.round(ms))),
    tokens: rangeOf(plays.flatMap(({ tokens }) => (tokens === null ? [] : Math.round(tokens)))),
    costUsd: rangeOf(plays.flatMap(({ usd }) => usd ?? [])),
    basis,
    runs: [...known].reduce((sum, { length }) => sum + length, 0),
  }
}

/** One play of the tasks: when the last is done, and what those take that tell it (a shell command uses no tokens). */
function play(tasks: readonly Task[], slots: number, pauseMs: number, random: Random): Effort {
  const efforts = tasks.map(({ draw }) => draw(random))
  const readyAt = tasks.map(({ waitMs }) => waitMs)
  const open = tasks.map((task) => task.open)
  const ready = new Heap<number>((a, b) => {
    const first = tasks[a]?.runs ?? false
    if (first !== tasks[b]?.runs) return first
    const [atA = 0, atB = 0] = [readyAt[a], readyAt[b]]
    return atA === atB ? a < b : atA < atB
  })
  const free = new Heap<number>((a, b) => a < b)
  for (let slot = Math.max(slots, tasks.filter(({ runs }) => runs).length); slot > 0; slot -= 1) free.push(0)
  for (const [index, task] of tasks.entries()) if (task.runs || task.open === 0) ready.push(index)
  let end = 0
  for (let index = ready.pop(); index !== undefined; index = ready.pop()) {
    const done = Math.max(readyAt[index] ?? 0, free.pop() ?? 0) + (efforts[index]?.ms ?? 0)
    end = Math.max(end, done)
    free.push(done + pauseMs)
    for (const next of tasks[index]?.dependents ?? []) {
      readyAt[next] = Math.max(readyAt[next] ?? 0, done)
      open[next] = (open[next] ?? 0) - 1
      if (open[next] === 0 && !tasks[next]?.runs) ready.push(next)
    }
  }
  const metered = efforts.filter(({ tokens, usd }) => tokens !== null || usd !== null)
  return { ms: end, tokens: sumOf(metered.map(({ tokens }) => tokens)), usd: sumOf(metered.map(({ usd }) => usd)) }
}

/** What one of them does not know the sum does not know either; nor is it nothing where there is none. */
const sumOf = (figures: readonly (number | null)[]): number | null =>
  figures.length === 0 ? null : figures.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0)

function rangeOf(figures: readonly number[]): Range | null {
  const found = percentiles(figures)
  return found && { low: found.p10, mid: found.p50, high: found.p90 }
}

/** The same numbers each time (mulberry32): a forecast moves when something has happened, and not by itself. */
function seeded(): Random {
  let state = 0x5eed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
