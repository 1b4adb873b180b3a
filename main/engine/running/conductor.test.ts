import { existsSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bundled } from '../../../test/support/claude-output.ts'
import { assetsDir } from '../../../test/support/engine.ts'
import { makePlace, type Place } from '../../../test/support/place.ts'
import {
  ALIVE,
  eventually,
  type ScriptedLauncher,
  type SimulatedClock,
  START,
  scriptedLauncher,
  simulatedClock,
} from '../../../test/support/scripted.ts'
import { NO_MEMORY } from '../learning/memory.ts'
import { LimitCoordinator } from '../limits/coordinator.ts'
import { DEFAULT_TOKEN_THRESHOLDS } from '../limits/tokens.ts'
import type { AttemptExit, EngineEvent, JobRecord, JobStore } from '../ports.ts'
import { createRedactor } from '../redaction/redactor.ts'
import { newJob, policyOf } from '../scheduling/new-job.ts'
import type { JobState, JobStatus } from '../scheduling/state.ts'
import { planScore } from '../score/plan.ts'
import { type OpenDatabase, openDatabase } from '../storage/database.ts'
import { createJobStore } from '../storage/job-store.ts'
import { Conductor } from './conductor.ts'
import { createEventBus } from './event-bus.ts'
import { pauseFile } from './pause-file.ts'
import { loadScore } from './submission.ts'

const SECOND = 1000
/** What the profile `cli` allows an attempt. */
const TIME_LIMIT = 300 * SECOND
/** What the score waits after the first failure. */
const BACKOFF = 10 * SECOND

const SAVE_PROBLEM = 'The state of a job could not be saved. Fermata tries again every second.'

let place: Place
let database: OpenDatabase
let store: JobStore
let clock: SimulatedClock
let launcher: ScriptedLauncher
let conductor: Conductor
let told: EngineEvent[]
let problems: string[]
/** Which states cannot be saved now; and whose were refused so far. */
let refuses: (next: JobState) => boolean
let refusals: string[]

/** The user wants to be asked what goes on when Fermata comes back. */
let asks: boolean
beforeEach(() => {
  asks = false
  place = makePlace()
  database = openDatabase(place.dataDir)
  clock = simulatedClock()
  launcher = scriptedLauncher()
  told = []
  problems = []
  refuses = () => false
  refusals = []
  const saved = createJobStore(database, { onProblem: (message) => problems.push(message) })
  store = {
    ...saved,
    commit(previous, next, attempt) {
      if (refuses(next)) {
        refusals.push(next.id)
        throw new Error('The disk is full')
      }
      saved.commit(previous, next, attempt)
    },
  }
  conduct()
})

afterEach(() => {
  database.close()
  place.remove()
})

describe('a state that cannot be saved', () => {
  it('is tried again every second, told once, and holds up no other job', async () => {
    await runs('stuck', 2)
    await runs('other', 2)
    refuses = ({ id }) => id === 'stuck'
    await launcher.exits('stuck.1.1')
    await eventually(() => expect(refusals).toEqual(['stuck']))

    await launcher.exits('other.1.1')
    await plays('other.2.1')
    await reaches('other', 'completed')

    clock.advance(SECOND - 1)
    expect(refusals).toHaveLength(1)
    clock.advance(1)
    expect(refusals).toHaveLength(2)
    clock.advance(SECOND)
    expect(refusals).toHaveLength(3)
    expect(problems).toEqual([SAVE_PROBLEM])

    refuses = () => false
    clock.advance(SECOND)
    await plays('stuck.2.1')
    await reaches('stuck', 'completed')
    expect(newsOf('stuck')).toEqual(['started', '1 started', '1 completed', '2 started', '2 completed', 'completed'])
    expect(problems).toHaveLength(1)

    refuses = () => true
    conductor.add(await queued('later'))
    expect(problems).toEqual([SAVE_PROBLEM, SAVE_PROBLEM])
  })

  it('loses nothing that happens meanwhile, in its order', async () => {
    await runs('a', 3)
    refuses = () => true
    await launcher.exits('a.1.1')
    await eventually(() => expect(refusals).toHaveLength(1))
    conductor.apply('a', { type: 'pause', by: 'user' })
    refuses = () => false
    clock.advance(SECOND)
    await reaches('a', 'paused')
    expect(newsOf('a')).toEqual(['started', '1 started', '1 completed', 'paused'])
    expect(store.attempts('a')).toMatchObject([{ sheet: 1, number: 1, outcome: 'succeeded', exitStatus: 0 }])
    expect(launcher.asked).toEqual(['launch a.1.1'])
  })

  it('has no effect before it is saved: nothing begins, nothing is told; but what is cancelled is ended at once', async () => {
    refuses = ({ sheets }) => sheets.some(({ status }) => status === 'dispatched')
    conductor.add(await queued('a'))
    clock.advance(3 * SECOND)
    expect(refusals).toHaveLength(4)
    expect(newsOf('a')).toEqual([])
    expect(conductor.attempts()).toEqual([])

    refuses = ({ intent }) => intent === 'cancel'
    clock.advance(SECOND)
    await launcher.launches('a.1.1')
    await eventually(() => expect(newsOf('a')).toEqual(['started', '1 started']))
    conductor.apply('a', { type: 'cancel' })
    await launcher.stops('a.1.1')
    expect(conductor.job('a')?.state.intent).toBe('run')
    expect(conductor.reason(conductor.job('a')?.state as JobState)).toContain('cannot be saved just now: is the disk full?')

    refuses = () => false
    clock.advance(SECOND)
    await reaches('a', 'cancelled')
    expect(launcher.asked).toEqual(['launch a.1.1', 'stop a.1.1'])
    expect(newsOf('a')).toEqual(['started', '1 started', '1 cancelled', 'cancelled'])
  })
})

describe('a pause file', () => {
  it('pauses at the next boundary and is removed when the pause has been saved, not before', async () => {
    await runs('a', 2)
    const file = pauseFile(place.workspace, 'a')
    writeFileSync(file, '')
    refuses = ({ intent }) => intent === 'pause'
    await launcher.exits('a.1.1')
    await eventually(() => expect(refusals).toHaveLength(1))
    expect(existsSync(file)).toBe(true)

    refuses = () => false
    clock.advance(SECOND)
    expect(existsSync(file)).toBe(false)
    await reaches('a', 'paused')
    expect(newsOf('a')).toEqual(['started', '1 started', '1 completed', 'paused'])
    expect(launcher.asked).toEqual(['launch a.1.1'])
  })
})

describe('coming back', () => {
  it('begins a sheet that was ready, and does not adopt what it has just begun', async () => {
    conduct({ maxConcurrentSheets: 0 })
    conductor.add(await queued('first'))
    store.insert(await queued('second'))
    await comeBack({ maxConcurrentSheets: 1 })
    for (const job of ['first', 'second']) {
      await plays(`${job}.1.1`)
      await reaches(job, 'completed')
    }
    expect(launcher.asked).toEqual(['launch first.1.1', 'launch second.1.1'])
  })

  it('adopts each attempt in flight once, even where fewer may run now, and begins none in its place', async () => {
    await runs('first')
    await runs('second')
    store.insert(await queued('third'))
    await comeBack({ maxConcurrentSheets: 1 })
    for (const job of ['first', 'second']) await launcher.finds(`${job}.1.1`, ALIVE)
    await launcher.exits('first.1.1')
    await reaches('first', 'completed')
    expect(launcher.asked.toSorted()).toEqual(['inspect first.1.1', 'inspect second.1.1'])

    await launcher.exits('second.1.1')
    await launcher.launches('third.1.1')
    await reaches('second', 'completed')
    expect(launcher.asked).toHaveLength(3)
  })

  it('counts an attempt whose record cannot be read as lost when what it ran is ended, and goes on with the others', async () => {
    conduct({ maxConcurrentSheets: 1 })
    await runs('broken')
    conductor.add(await queued('other'))
    database.db.exec(`UPDATE attempts SET outcome = 'unheard of'`)
    asks = true
    await comeBack({ maxConcurrentSheets: 1 })
    await launcher.stops('broken.1.1')
    await reaches('broken', 'interrupted')
    conductor.apply('other', { type: 'resume' })
    expect(problems).toEqual(['What is known of a running sheet of "broken" cannot be read.'])
    await launcher.launches('other.1.1')
    await reaches('other', 'running')
    expect(launcher.asked).toEqual(['stop broken.1.1', 'launch other.1.1'])
  })

  it('looks again after a second when the system does not tell, and begins nothing meanwhile', async () => {
    conduct({ maxConcurrentSheets: 1 })
    await runs('a', 2)
    conductor.add(await queued('other'))
    await comeBack({ maxConcurrentSheets: 1 })
    await launcher.cannotTell('a.1.1')
    await eventually(() => expect(clock.waits()).toEqual([START + SECOND]))
    clock.advance(SECOND - 1)
    expect(launcher.asked).toEqual(['inspect a.1.1'])
    clock.advance(1)
    expect(launcher.asked).toEqual(['inspect a.1.1', 'inspect a.1.1'])

    await launcher.finds('a.1.1', ALIVE)
    await launcher.exits('a.1.1')
    // Now it is the other job's turn.
    await launcher.launches('other.1.1')
    expect(store.attempts('a', 1)).toMatchObject([{ number: 1, outcome: 'succeeded' }])
  })

  it('counts the time limit of an adopted attempt from its true start', async () => {
    await runs('a')
    clock.advance(TIME_LIMIT - 50 * SECOND)
    await comeBack()
    await launcher.finds('a.1.1', ALIVE)
    await eventually(() => expect(launcher.watched()).toEqual(['a.1.1']))
    clock.advance(50 * SECOND - 1)
    expect(launcher.asked).toEqual(['inspect a.1.1'])
    clock.advance(1)
    await launcher.stops('a.1.1')
    await reaches('a', 'waiting')
    expect(conductor.job('a')?.state.sheets).toMatchObject([{ status: 'retry_scheduled', failures: 1, error: { code: 'E001' } }])
  })
})

describe('coming back to a user who wants to be asked', () => {
  it('lets what runs end and starts nothing: not the next sheet, nor a job that waited', async () => {
    conduct({ maxConcurrentSheets: 1 })
    await runs('a', 2)
    conductor.add(await queued('other'))
    asks = true
    await comeBack({ maxConcurrentSheets: 1 })
    expect([conductor.job('a')?.state.status, conductor.job('other')?.state.status]).toEqual(['pausing', 'interrupted'])
    await launcher.finds('a.1.1', ALIVE)
    await launcher.exits('a.1.1')
    await reaches('a', 'interrupted')
    expect(conductor.reason(conductor.job('a')?.state as JobState)).toBe(
      'Stopped after sheet 1: Fermata was away. Resume lets it go on',
    )
    conductor.apply('a', { type: 'resume' })
    await launcher.launches('a.2.1')
  })

  it('starts nothing of the jobs it comes to last, though there is room for them', async () => {
    conduct({ maxConcurrentSheets: 1 })
    await runs('a')
    conductor.add(await queued('b'))
    conductor.add(await queued('c'))
    asks = true
    await comeBack({ maxConcurrentSheets: 8 })
    const attempts = conductor.jobs().map(({ state }) => `${state.id}: ${state.sheets[0]?.attempts}`)
    expect(attempts).toEqual(['c: 0', 'b: 0', 'a: 1'])
  })

  it('leaves a job its user had paused as it was', async () => {
    conduct()
    await runs('a', 2)
    conductor.apply('a', { type: 'pause', by: 'user' })
    asks = true
    await comeBack()
    await launcher.finds('a.1.1', ALIVE)
    await launcher.exits('a.1.1')
    await reaches('a', 'paused')
  })
})

describe('freezing', () => {
  const FREEZE = { type: 'freeze', by: 'user' } as const
  /** What the instrument `cli` gives an attempt. */
  const LIMIT = 300 * SECOND

  it('reaches an attempt that is only just being started as soon as it is', async () => {
    conduct()
    conductor.add(await queued('a'))
    await eventually(() => expect(launcher.asked).toEqual(['launch a.1.1']))
    conductor.apply('a', FREEZE)
    expect(launcher.asked).toEqual(['launch a.1.1'])
    await launcher.launches('a.1.1')
    await launcher.freezes('a.1.1')
    await eventually(() => expect(conductor.attempts()[0]?.phase).toBe('frozen'))
  })

  it('lets what runs out stand still: the time limit goes on where it stood', async () => {
    conduct()
    await runs('a')
    clock.advance(100 * SECOND)
    conductor.apply('a', FREEZE)
    await launcher.freezes('a.1.1')
    expect(clock.waits()).toEqual([])
    clock.advance(100_000 * SECOND)
    conductor.apply('a', { type: 'thaw' })
    await launcher.thaws('a.1.1')
    await eventually(() => expect(clock.waits()).toEqual([clock.now() + LIMIT - 100 * SECOND]))
    clock.advance(LIMIT)
    await launcher.stops('a.1.1')
  })

  it('does not count the time the computer slept against an attempt', async () => {
    conduct()
    await runs('a')
    clock.sleep(8 * 3600 * SECOND)
    expect(clock.waits()).toEqual([clock.now() + LIMIT])
    clock.advance(LIMIT)
    await launcher.stops('a.1.1')
  })

  it('is not silent for the time the computer slept or it stood still', async () => {
    conduct()
    await runs('a')
    const [attempt] = conductor.attempts()
    const silentMs = () => clock.now() - (attempt?.silentSince ?? Number.NaN)
    clock.advance(60 * SECOND)
    clock.sleep(8 * 3600 * SECOND)
    expect(silentMs()).toBe(60 * SECOND)
    attempt?.heard()
    expect(silentMs()).toBe(0)
    conductor.apply('a', FREEZE)
    await launcher.freezes('a.1.1')
    await eventually(() => expect(attempt?.silentSince).toBeNull())
    clock.advance(100 * SECOND)
    conductor.apply('a', { type: 'thaw' })
    await launcher.thaws('a.1.1')
    await eventually(() => expect(silentMs()).toBe(0))
  })

  it('remembers for the next Fermata how long it stood still', async () => {
    conduct()
    await runs('a')
    conductor.apply('a', FREEZE)
    await launcher.freezes('a.1.1')
    clock.advance(100_000 * SECOND)
    await comeBack()
    await launcher.finds('a.1.1', { ...ALIVE, frozen: true })
    await launcher.freezes('a.1.1')
    conductor.apply('a', { type: 'thaw' })
    await launcher.thaws('a.1.1')
    await eventually(() => expect(clock.waits()).toEqual([clock.now() + LIMIT]))
  })

  it('thaws what was frozen when Fermata went away between the wish to thaw and the deed', async () => {
    conduct()
    await runs('a')
    conductor.apply('a', FREEZE)
    await launcher.freezes('a.1.1')
    await eventually(() => expect(store.attempts('a')[0]?.frozenAwake).not.toBeNull())
    conductor.apply('a', { type: 'thaw' })
    await eventually(() => expect(launcher.asked).toContain('thaw a.1.1'))
    const closing = conductor.close()
    await launcher.thaws('a.1.1')
    await closing
    launcher = scriptedLauncher()
    conduct()
    conductor.recover()
    await launcher.finds('a.1.1', { ...ALIVE, frozen: true })
    await launcher.thaws('a.1.1')
  })

  it('names what did not obey, and does not call the attempt frozen', async () => {
    conduct()
    await runs('a')
    conductor.apply('a', FREEZE)
    await launcher.freezes('a.1.1', [4712])
    await eventually(() => expect(problems).toEqual(['Sheet 1 of "a" could not be frozen whole: process 4712 runs on.']))
    expect(conductor.attempts()[0]?.phase).toBe('running')
  })
})

describe('the computer', () => {
  it('slept: all that is overdue is seen to in one go, and nothing is started twice', async () => {
    conduct({ maxConcurrentSheets: 1 })
    for (const id of ['a', 'b', 'c']) {
      conductor.add(await queued(id))
      await launcher.launches(`${id}.1.1`)
      await launcher.exits(`${id}.1.1`, { kind: 'exited', status: 1 })
      await launcher.stops(`${id}.1.1`)
      await reaches(id, 'waiting')
    }
    const asked = launcher.asked.length
    clock.sleep(3600 * SECOND)
    clock.advance(0)
    await eventually(() => expect(launcher.asked.slice(asked)).toEqual(['launch a.1.2']))
    expect(['a', 'b', 'c'].map((id) => conductor.job(id)?.state.status)).toEqual(['running', 'queued', 'queued'])
  })

  it.each([1, -1])('had its clock set by %d day: a backoff is as long as it was', async (days) => {
    conduct()
    conductor.add(await queued('a'))
    await launcher.launches('a.1.1')
    await launcher.exits('a.1.1', { kind: 'exited', status: 1 })
    await launcher.stops('a.1.1')
    await reaches('a', 'waiting')
    clock.jump(days * 86_400 * SECOND)
    expect(clock.waits()).toEqual([clock.now() + BACKOFF])
    clock.advance(BACKOFF)
    await launcher.launches('a.1.2')
  })
})

describe('what an attempt left behind', () => {
  it('is ended before the sheet runs again, when the attempt is gone', async () => {
    await runs('a')
    await comeBack()
    await launcher.finds('a.1.1', { kind: 'gone' })
    await eventually(() => expect(launcher.asked).toContain('stop a.1.1'))
    expect(conductor.job('a')?.state.status).toBe('running')
    await launcher.stops('a.1.1')
    await launcher.launches('a.1.2')
    expect(launcher.asked).toEqual(['inspect a.1.1', 'stop a.1.1', 'launch a.1.2'])
  })

  it.each<[string, AttemptExit]>([
    ['was killed from outside', { kind: 'lost' }],
    ['failed', { kind: 'exited', status: 1 }],
  ])('is ended before the next one begins, when the attempt %s', async (_, exit) => {
    await runs('a')
    await launcher.exits('a.1.1', exit)
    await eventually(() => expect(launcher.asked).toContain('stop a.1.1'))
    expect(clock.waits()).toEqual([])

    await launcher.stops('a.1.1')
    await reaches('a', 'waiting')
    clock.advance(BACKOFF)
    await launcher.launches('a.1.2')
    expect(launcher.asked).toEqual(['launch a.1.1', 'stop a.1.1', 'launch a.1.2'])
  })

  it.each<[string, () => Promise<void>, string]>([
    ['failed', () => launcher.exits('a.1.1', { kind: 'exited', status: 1 }), 'process 77 could not be ended and still runs'],
    ['was killed', () => launcher.exits('a.1.1', { kind: 'lost' }), 'process 77 could not be ended and still runs'],
    ['was lost', lostMeanwhile, 'It could not be ended: process 77 still runs'],
  ])('keeps the sheet from running again while it cannot be ended, when the attempt %s', async (_, comesToItsEnd, why) => {
    await runs('a')
    await comesToItsEnd()
    await launcher.stops('a.1.1', [SURVIVOR])
    await reaches('a', 'failed')
    expect(conductor.job('a')?.state.survivors).toEqual([SURVIVOR])
    expect(conductor.job('a')?.state.sheets[0]?.error?.message).toContain(why)
    clock.advance(10 * BACKOFF)
    expect(launcher.asked.at(-1)).toBe('stop a.1.1')
  })

  it('is looked at again when the system does not tell; the next attempt begins only after that', async () => {
    await runs('a')
    await launcher.exits('a.1.1', { kind: 'lost' })
    await launcher.cannotStop('a.1.1')
    await eventually(() => expect(clock.waits()).toEqual([clock.now() + SECOND]))
    expect(problems).toEqual([expect.stringContaining('cannot be seen')])
    clock.advance(SECOND)
    await launcher.stops('a.1.1')
    await reaches('a', 'waiting')
  })

  it('is taken to run when the system never tells', async () => {
    await runs('a')
    await lostMeanwhile()
    for (let look = 1; look <= 10; look += 1) {
      await launcher.cannotStop('a.1.1')
      if (look < 10) await eventually(() => expect(clock.waits()).toHaveLength(1))
      clock.advance(SECOND)
    }
    await reaches('a', 'failed')
    expect(conductor.job('a')?.state.survivors).toEqual([store.attempts('a', 1)[0]?.identity])
  })

  it('does not hold up closing while the system does not tell', async () => {
    await runs('a')
    await launcher.exits('a.1.1', { kind: 'lost' })
    await launcher.cannotStop('a.1.1')
    await eventually(() => expect(clock.waits()).toHaveLength(1))
    await conductor.close()
    expect(clock.waits()).toEqual([])
    expect(store.attempts('a', 1)).toMatchObject([{ outcome: null }])
  })
})

const SURVIVOR = { pid: 77, startTime: 'then' }

async function lostMeanwhile(): Promise<void> {
  await comeBack()
  await launcher.finds('a.1.1', { kind: 'gone' })
}

describe('closing', () => {
  it('lets go of attempts, timers and what could not be saved: nothing is ended, nothing is told', async () => {
    await runs('retrying')
    await launcher.exits('retrying.1.1', { kind: 'lost' })
    await launcher.stops('retrying.1.1')
    await reaches('retrying', 'waiting')
    await runs('running')
    await runs('unsaved')
    refuses = () => true
    await launcher.exits('unsaved.1.1')
    await eventually(() => expect(refusals).toEqual(['unsaved']))
    const before = { told: [...told], asked: [...launcher.asked], saved: store.list() }

    await conductor.close()
    refuses = () => false
    expect(clock.waits()).toEqual([])
    expect(launcher.watched()).toEqual([])
    conductor.apply('running', { type: 'cancel' })
    expect({ told, asked: launcher.asked, saved: store.list() }).toEqual(before)
  })

  it('waits for a launch under way, reports nothing of it, and leaves it to be adopted', async () => {
    conductor.add(await queued('a'))
    await eventually(() => expect(launcher.asked).toEqual(['launch a.1.1']))
    const before = { told: [...told], saved: store.list() }
    const order: string[] = []
    const closing = conductor.close().then(() => order.push('closed'))
    await new Promise(setImmediate)
    order.push('launched')
    await launcher.launches('a.1.1')
    await closing
    expect(order).toEqual(['launched', 'closed'])
    expect({ told, saved: store.list() }).toEqual(before)
    expect(launcher.watched()).toEqual([])

    await comeBack()
    await launcher.finds('a.1.1', ALIVE)
    await launcher.exits('a.1.1')
    await reaches('a', 'completed')
    expect(launcher.asked).toEqual(['inspect a.1.1'])
  })
})

function conduct({ maxConcurrentSheets = 8 } = {}): void {
  const bus = createEventBus((error) => problems.push(String(error)))
  bus.on((event) => told.push(event))
  conductor = new Conductor({
    dataDir: place.dataDir,
    assetsDir,
    store,
    clock,
    launcher,
    catalogue: bundled,
    bus,
    environment: {},
    limits: new LimitCoordinator({
      maxSheets: maxConcurrentSheets,
      capacityOf: () => ({ instrument: 8, models: new Map() }),
    }),
    preparationFor: ({ score }) => ({
      assetsDir,
      environment: {},
      tokenThresholds: DEFAULT_TOKEN_THRESHOLDS,
      answerOf: async () => null,
      redact: createRedactor({}).redact,
      memory: NO_MEMORY,
      place: async () => ({ workspace: score.workspace, cwd: score.workspace }),
    }),
    gatekeeper: { needsLook: () => false, look: () => Promise.reject(new Error('not asked')), endLook: async () => [] },
    runHooks: async () => null,
    capOutput: async () => {},
    asksOnReturn: () => asks,
    priceFor: () => (usage) => usage,
    seen: () => null,
    onAttemptEnd: () => {},
    onEnd: () => {},
    redact: createRedactor({ SERVICE_TOKEN: 'plainly-secret' }).redact,
    onProblem: (message) => problems.push(message),
  })
}

/** Fermata goes away and comes back. */
async function comeBack(options: { maxConcurrentSheets?: number } = {}): Promise<void> {
  await conductor.close()
  launcher = scriptedLauncher()
  conduct(options)
  conductor.recover()
}

/** A new job, not taken in yet. */
async function queued(id: string, sheets = 1): Promise<JobRecord> {
  const retry = { base_delay_seconds: BACKOFF / SECOND, jitter: false }
  const scorePath = place.score({ name: id, sheets, instrument: 'cli', prompt: ['true'], retry })
  const { score } = await loadScore(scorePath)
  const plan = planScore(score)
  return {
    state: newJob(id, plan, policyOf(score), clock.now()),
    score,
    plan,
    notes: [],
    chainDepth: 0,
    follows: null,
    scorePath,
  }
}

/** Starts an attempt and lets it succeed. */
async function plays(attempt: string): Promise<void> {
  await launcher.launches(attempt)
  await launcher.exits(attempt)
}

/** Takes in a job and sees its first sheet running. */
async function runs(id: string, sheets = 1): Promise<void> {
  conductor.add(await queued(id, sheets))
  await launcher.launches(`${id}.1.1`)
  await eventually(() => expect(launcher.watched()).toContain(`${id}.1.1`))
}

/** Waits until the job has this status, in memory and on disk. */
async function reaches(id: string, status: JobStatus): Promise<void> {
  await eventually(() => expect(conductor.job(id)?.state.status).toBe(status))
  expect(store.load(id)?.state).toEqual(conductor.job(id)?.state)
}

/** What was told of a job, such as `paused`, and of its sheets, such as `2 started`. */
function newsOf(id: string): readonly string[] {
  return told.flatMap((event) => {
    if (event.jobId !== id) return []
    if (event.type === 'job') return event.news
    return event.type === 'sheet' ? `${event.sheet} ${event.news}` : []
  })
}
