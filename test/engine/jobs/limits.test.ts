import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addInstrument, startEngine, type TestEngine } from '../../support/engine.ts'
import { makePlace, type Place } from '../../support/place.ts'
import {
  eventually,
  type ScriptedLauncher,
  type SimulatedClock,
  scriptedLauncher,
  simulatedClock,
} from '../../support/scripted.ts'

const HOUR = 3_600_000
const LIMIT = 'Usage limit reached, try again in 2 hours'
const LOGIN = 'Not logged in. Run agent login'

let place: Place
let clock: SimulatedClock
let launcher: ScriptedLauncher
let engine: TestEngine

beforeEach(async () => {
  place = makePlace()
  clock = simulatedClock()
  addInstrument(place, {
    name: 'agent',
    display_name: 'Agent',
    models: [{ name: 'large' }],
    check: { version_args: [] },
    cli: {
      command: { executable: 'agent' },
      errors: { quota_patterns: ['usage limit'], auth_error_patterns: ['not logged in'] },
    },
  })
  await start()
})
afterEach(async () => {
  await engine.close()
  place.remove()
})

async function start(): Promise<void> {
  launcher = prompt(scriptedLauncher())
  engine = await startEngine(place, { clock, launcher })
}

/** Launches whatever it is asked to, at once, and leaves nothing to be ended. */
function prompt(scripted: ScriptedLauncher): ScriptedLauncher {
  return {
    ...scripted,
    launch(request) {
      const identity = scripted.launch(request)
      const [id, sheet, number] = (request.env.FERMATA_ATTEMPT ?? '').split('.')
      void scripted.launches(`${id}.${sheet}.${number}`)
      return identity
    },
    stop: async () => ({ survivors: [] }),
  }
}

/** Fermata goes away and comes back. */
async function restart(): Promise<void> {
  await engine.close()
  await start()
}

/** A job whose sheets could all run at once. */
async function submitted(name: string, sheets = 1, keys: object = {}): Promise<string> {
  const parallel = { enabled: true, max_concurrent: 8 }
  const score = {
    name,
    sheets,
    instrument: 'agent' as const,
    prompt: ['Go.'],
    parallel,
    sheet: { dependencies: { 1: [] } },
    ...keys,
  }
  return (await engine.jobs.submit(place.score(score))).id
}

/** Lets an attempt end: well, or with these last words. */
async function ends(id: string, sheet: number, number: number, words: string | null = null): Promise<void> {
  const attempt = `${id}.${sheet}.${number}`
  await eventually(() => expect(launcher.watched()).toContain(attempt))
  if (words !== null) writeFileSync(join(place.dataDir, 'attempts', id, `${sheet}-${number}`, 'stderr'), `${words}\n`)
  await launcher.exits(attempt, { kind: 'exited', status: words === null ? 0 : 1 })
}

const launched = () => launcher.asked.filter((question) => question.startsWith('launch'))
const job = (id: string) => engine.jobs.status(id)

async function limitedJob(name: string): Promise<string> {
  const id = await submitted(name)
  await ends(id, 1, 1, LIMIT)
  await engine.reaches(id, 'waiting')
  return id
}

describe('a wait for a limit', () => {
  it('survives a restart in its middle, with its end; then one sheet of all jobs goes first', async () => {
    const first = await limitedJob('first')
    const second = await submitted('second', 2)
    const until = clock.now() + 2 * HOUR
    const wait = { instrument: 'agent', model: null, cause: 'rate_limit', until, mode: 'at_reset' }
    clock.advance(HOUR)
    await restart()
    expect(await job(first)).toMatchObject({ status: 'waiting', wakeAt: until, limitWait: wait, needsYou: false })
    expect(await job(second)).toMatchObject({ status: 'queued', limitWait: wait })
    expect((await job(second)).reason).toMatch(/^Waiting for agent \(rate limit\), resumes by itself at/)

    clock.advance(HOUR - 1)
    expect(launched()).toEqual([])
    clock.advance(1)
    await eventually(() => expect(launched()).toHaveLength(1))
    expect((await job(second)).reason + (await job(first)).reason).toMatch(/one sheet tries first/)
    const [, id = '', sheet = '', number = ''] = /^launch (.+)\.(\d)\.(\d)$/.exec(launched()[0] ?? '') ?? []
    await ends(id, Number(sheet), Number(number))
    await eventually(() => expect(launched()).toHaveLength(3))
  })

  it('ends as soon as the computer wakes from a sleep that was longer', async () => {
    const id = await limitedJob('sleeper')
    clock.sleep(5 * HOUR)
    clock.advance(1)
    await ends(id, 1, 2)
    await engine.reaches(id, 'completed')
  })

  it.each([
    ['forward', 5 * HOUR],
    ['back', -5 * HOUR],
  ])('is as long when somebody sets the clock %s', async (_, ms) => {
    const id = await limitedJob('clock')
    clock.jump(ms)
    clock.advance(2 * HOUR - 1000)
    expect(launched()).toHaveLength(1)
    clock.advance(1000)
    await ends(id, 1, 2)
    await engine.reaches(id, 'completed')
  })

  it('that the trial meets again lasts until the next end, without a try being counted', async () => {
    const id = await limitedJob('again')
    clock.advance(2 * HOUR)
    await ends(id, 1, 2, LIMIT)
    await eventually(async () => expect((await job(id)).wakeAt).toBe(clock.now() + 2 * HOUR))
    expect((await job(id)).sheets[0]).toMatchObject({ attempts: 2, failures: 0 })
  })

  it('is ended by its user, or never, also across a restart', async () => {
    const id = await limitedJob('mine')
    engine.jobs.setLimit('agent', null, 'never')
    expect(await job(id)).toMatchObject({ status: 'waiting', wakeAt: null, limitWait: { until: null, mode: 'never' } })
    expect((await job(id)).reason).toBe('Waiting for agent (rate limit) until you let it go on')
    await restart()
    clock.advance(100 * HOUR)
    expect(launched()).toEqual([])
    engine.jobs.setLimit('agent', null, 'now')
    await ends(id, 1, 2)
    await engine.reaches(id, 'completed')
    expect(() => engine.jobs.setLimit('agent', null, 'never')).toThrow(/no limit now/)
  })

  it('that is never to end is none of a time for those that meet it later', async () => {
    const id = await submitted('late', 2)
    await ends(id, 1, 1, LIMIT)
    await eventually(async () => expect((await job(id)).limitWait).not.toBeNull())
    engine.jobs.setLimit('agent', null, 'never')
    await ends(id, 2, 1, LIMIT)
    expect((await engine.reaches(id, 'waiting')).sheets).toMatchObject([{ wakeAt: null }, { wakeAt: null }])
  })

  it('that its user wants to end by itself again does so', async () => {
    const id = await limitedJob('back')
    engine.jobs.setLimit('agent', null, 'never')
    engine.jobs.setLimit('agent', null, 'at_reset')
    expect((await job(id)).wakeAt).toBe(clock.now() + 2 * HOUR)
    clock.advance(2 * HOUR)
    await ends(id, 1, 2)
    await engine.reaches(id, 'completed')
  })
})

describe('an instrument that wants a login', () => {
  it('is told of once for all jobs, fails no sheet and starts nothing, also after a restart, until its user says so', async () => {
    const first = await submitted('first', 2)
    for (const sheet of [2, 1]) await ends(first, sheet, 1, LOGIN)
    const waiting = await engine.reaches(first, 'waiting')
    const second = await submitted('second')
    expect(waiting).toMatchObject({ wakeAt: null, needsYou: true, sheets: [{ failures: 0 }, { failures: 0 }] })
    expect(waiting.reason).toMatch(/^Waiting for you: Agent could not log in: Not logged in.+Instruments page$/)
    expect(await job(second)).toMatchObject({ status: 'queued', needsYou: true, limitWait: { cause: 'login', until: null } })
    expect(engine.told.filter(({ type }) => type === 'notice')).toMatchObject([{ title: 'agent wants a login' }])

    await restart()
    const agent = async (how: 'known' | 'ask') => (await engine.jobs.instruments(how)).find(({ name }) => name === 'agent')
    expect(await agent('known')).toMatchObject({ installed: null, refused: { message: expect.any(String) } })
    expect(await agent('ask')).toMatchObject({
      refused: { message: expect.stringMatching(/could not log in/) },
      running: 0,
      waitingSheets: 3,
    })
    expect(await agent('known')).toMatchObject({ installed: false })
    clock.advance(24 * HOUR)
    expect(launched()).toEqual([])

    engine.jobs.retryInstrument('agent')
    await eventually(() => expect(launched()).toHaveLength(1))
    const [, id = '', sheet = '', number = ''] = /^launch (.+)\.(\d)\.(\d)$/.exec(launched()[0] ?? '') ?? []
    await ends(id, Number(sheet), Number(number))
    await eventually(() => expect(launched()).toHaveLength(3))
  })

  it('is tried again by whoever resumes a job that waits for it', async () => {
    const id = await submitted('resumed')
    await ends(id, 1, 1, LOGIN)
    await engine.reaches(id, 'waiting')
    await engine.jobs.resume(id)
    await ends(id, 1, 2)
    await engine.reaches(id, 'completed')
  })
})

describe('an instrument that failed too often', () => {
  it('rests for all jobs, across a restart, and is told of once', async () => {
    const id = await submitted('broken', 1, {
      retry: { max_retries: 9, base_delay_seconds: 1, max_delay_seconds: 1, jitter: false },
      circuit_breaker: { failure_threshold: 2 },
    })
    await ends(id, 1, 1, 'It broke')
    await engine.reaches(id, 'waiting')
    clock.advance(1000)
    await ends(id, 1, 2, 'It broke')
    await eventually(() => expect(engine.told.filter(({ type }) => type === 'notice')).toHaveLength(1))
    await restart()
    clock.advance(1000)
    const rest = (await job(id)).limitWait
    expect(rest).toMatchObject({ cause: 'rest', mode: 'at_reset' })
    expect(launched()).toEqual([])
    clock.advance(30_000)
    await ends(id, 1, 3)
    await engine.reaches(id, 'completed')
  })
})
