import { basename, dirname } from 'node:path'
import { vi } from 'vitest'
import type {
  AttemptExit,
  AttemptFinding,
  Clock,
  FreezeReport,
  Launcher,
  ProcessIdentity,
  StopReport,
  TimeShift,
} from '../../main/engine/ports.ts'

/** Epoch ms. */
export const START = Date.parse('2026-06-17T14:00:00Z')

/** Asks until `check` throws no more, and gives what it returned. For what real files take a moment to do. */
export const eventually = <T>(check: () => T): Promise<T> => vi.waitFor(check, { interval: 5, timeout: 4000 })

/** Time under the test's control; begins at `START`. What is due already runs with the next `advance`. */
export interface SimulatedClock extends Clock {
  /** Lets `ms` go by; whatever is due by then runs at its time. */
  advance(ms: number): void
  /** The computer sleeps for `ms`; what became due runs with the next `advance`. */
  sleep(ms: number): void
  /** Somebody sets the wall clock by `ms`. */
  jump(ms: number): void
  /** The times that are waited for, soonest first. */
  waits(): readonly number[]
}

export function simulatedClock(): SimulatedClock {
  let now = START
  let awake = 0
  const listeners = new Set<(shift: TimeShift) => void>()
  const timers = new Set<{ left(): number; run(): void }>()
  const pending = () => [...timers].toSorted((a, b) => a.left() - b.left())
  const add = (left: () => number, run: () => void) => {
    const timer = { left, run }
    timers.add(timer)
    return () => timers.delete(timer)
  }
  const shift = (sleptMs: number, jumpedMs: number) => {
    now += sleptMs + jumpedMs
    for (const listener of [...listeners]) listener({ sleptMs, jumpedMs })
  }
  return {
    now: () => now,
    awake: () => awake,
    at: (at, run) => add(() => at - now, run),
    after(ms, run) {
      const end = awake + ms
      return add(() => end - awake, run)
    },
    onShift(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    advance(ms) {
      const end = awake + ms
      for (let [next] = pending(); next && next.left() <= end - awake; [next] = pending()) {
        timers.delete(next)
        const step = Math.max(0, next.left())
        now += step
        awake += step
        next.run()
      }
      now += end - awake
      awake = end
    },
    sleep: (ms) => shift(ms, 0),
    jump: (ms) => shift(0, ms),
    waits: () => pending().map(({ left }) => now + left()),
  }
}

const identity: ProcessIdentity = { pid: 4711, startTime: 'then' }
/** What is found of an attempt that runs on. */
export const ALIVE: AttemptFinding & { kind: 'alive' } = { kind: 'alive', identity, frozen: false }

/**
 * A launcher without processes: every question of the engine stays open until the test answers it, so that each race can be
 * brought about. Attempts are named `<job>.<sheet>.<number>`; whoever answers waits until the question has been asked.
 */
export interface ScriptedLauncher extends Launcher {
  /** Every question, such as `launch a.1.1`; in order. */
  readonly asked: readonly string[]
  /** The attempts that are watched now. */
  watched(): readonly string[]
  launches(attempt: string): Promise<void>
  finds(attempt: string, finding: AttemptFinding): Promise<void>
  cannotTell(attempt: string): Promise<void>
  stops(attempt: string, survivors?: readonly ProcessIdentity[]): Promise<void>
  cannotStop(attempt: string): Promise<void>
  freezes(attempt: string, unwilling?: readonly number[]): Promise<void>
  thaws(attempt: string): Promise<void>
  exits(attempt: string, exit?: AttemptExit): Promise<void>
}

export function scriptedLauncher(): ScriptedLauncher {
  const asked: string[] = []
  const watches = new Map<string, (exit: AttemptExit) => void>()
  const launch = questions<ProcessIdentity>('launch', asked)
  const inspect = questions<AttemptFinding>('inspect', asked)
  const stop = questions<StopReport>('stop', asked)
  const freeze = questions<FreezeReport>('freeze', asked)
  const thaw = questions<FreezeReport>('thaw', asked)
  return {
    asked,
    watched: () => [...watches.keys()],
    launch: ({ env }) => launch.ask(ofMarker(env.FERMATA_ATTEMPT ?? '')),
    inspect: (_folder, marker) => inspect.ask(ofMarker(marker)),
    stop: (_identity, marker) => stop.ask(ofMarker(marker)),
    canFreeze: true,
    freeze: (_identity, marker) => freeze.ask(ofMarker(marker)),
    thaw: (_identity, marker) => thaw.ask(ofMarker(marker)),
    living: async () => [],
    sample: async (attempts) => attempts.map(() => ({ processes: 1, memoryBytes: 0, cpuMs: 0, frozen: false })),
    watch(folder, _identity, onExit) {
      watches.set(ofFolder(folder), onExit)
      return () => watches.delete(ofFolder(folder))
    },
    launches: (attempt) => launch.answer(attempt, () => identity),
    finds: (attempt, finding) => inspect.answer(attempt, () => finding),
    cannotTell: (attempt) => inspect.answer(attempt, () => Promise.reject(new Error('The system does not tell'))),
    stops: (attempt, survivors = []) => stop.answer(attempt, () => ({ survivors })),
    cannotStop: (attempt) => stop.answer(attempt, () => Promise.reject(new Error('The system does not tell'))),
    freezes: (attempt, unwilling = []) => freeze.answer(attempt, () => ({ processes: 1, unwilling })),
    thaws: (attempt) => thaw.answer(attempt, () => ({ processes: 1, unwilling: [] })),
    async exits(attempt, exit = { kind: 'exited', status: 0 }) {
      const onExit = await present(`watch ${attempt}`, () => watches.get(attempt))
      onExit(exit)
    },
  }
}

function questions<T>(verb: string, asked: string[]) {
  const open = new Map<string, (answer: T | Promise<T>) => void>()
  return {
    ask: (attempt: string) =>
      new Promise<T>((resolve) => {
        asked.push(`${verb} ${attempt}`)
        open.set(attempt, resolve)
      }),
    async answer(attempt: string, answer: () => T | Promise<T>): Promise<void> {
      const resolve = await present(`${verb} ${attempt}`, () => open.get(attempt))
      open.delete(attempt)
      resolve(answer())
    },
  }
}

function present<T>(what: string, find: () => T | undefined): Promise<T> {
  return eventually(() => {
    const found = find()
    if (found === undefined) throw new Error(`Nobody asked to ${what}`)
    return found
  })
}

const ofMarker = (marker: string): string => marker.split('.').slice(0, 3).join('.')
const ofFolder = (folder: string): string => `${basename(dirname(folder))}.${basename(folder).replace('-', '.')}`
