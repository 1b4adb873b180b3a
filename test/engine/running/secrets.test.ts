import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Notice } from '../../../main/engine/index.ts'
import { startEngine, type TestEngine } from '../../support/engine.ts'
import { makePlace, type Place } from '../../support/place.ts'
import { until } from '../../support/wait.ts'

/** Put together here, so that nobody who scans this file takes one for real. */
const OF_THE_ENVIRONMENT = ['plainly', 'inherited', '1234'].join('-')
const KEPT = ['kept', 'in-the', 'keychain'].join('-')
const WELL_KNOWN = `sk-ant-${'a1B2'.repeat(8)}`
const ALL = [OF_THE_ENVIRONMENT, KEPT, WELL_KNOWN]

let place: Place
let engine: TestEngine
let shown: Notice[]
let desktop: string | null

beforeEach(async () => {
  place = makePlace()
  shown = []
  desktop = null
  engine = await startEngine(place, {
    environment: { PATH: process.env.PATH, SERVICE_TOKEN: OF_THE_ENVIRONMENT },
    secrets: { get: (name) => (name === 'HOOK' ? KEPT : null), values: () => [KEPT] },
    showNotice: async (notice) => {
      shown.push(notice)
      return desktop
    },
  })
})
afterEach(async () => {
  await engine.close()
  place.remove()
})

describe('a sheet that prints secrets', () => {
  it('leaves them in its own log, and nowhere else: not in what is shown, told or stored', async () => {
    writeFileSync(place.inWorkspace('found'), ALL.join(' '))
    const news = join(place.root, 'news')
    engine.jobs.changeSettings({
      channels: [
        { id: 'desktop', kind: 'desktop', events: ['job_failed'] },
        { id: 'mine', kind: 'command', events: ['sheet_failed'], command: ['sh', '-c', `cat > '${news}'`], env: {} },
      ],
    })
    const { id } = await engine.jobs.submit(
      place.score({
        name: 'leaky',
        sheets: 1,
        instrument: 'cli',
        prompt: ['echo "It found $(cat found)"'],
        retry: { max_retries: 0 },
        validations: [{ type: 'command_succeeds', command: 'cat found >&2; exit 1', retry_count: 0 }],
      }),
    )
    const detail = await engine.reaches(id, 'failed')
    await until('both channels are told', () => shown.length > 0 && readFileSync(news, 'utf8'))
    const window = await engine.jobs.logWindow(id, 1, 0, 'stdout', 1, 100)
    const search = { text: 'found', regex: false, caseSensitive: true, from: 1, limit: 10 }
    const { hits } = await engine.jobs.searchLog(id, 1, 0, 'stdout', search)
    expect(window.lines).toEqual(['It found [REDACTED] [REDACTED] [REDACTED]'])
    expect(hits).toMatchObject([{ text: window.lines[0], start: 3, end: 8 }])
    expect(detail.sheets[0]?.validation?.failures).toEqual([
      '`cat found >&2; exit 1` ended with status 1: [REDACTED] [REDACTED] [REDACTED]',
    ])
    expect(shown).toMatchObject([{ title: 'leaky failed', jobId: id }])

    await engine.close()
    const stored = readdirSync(place.dataDir, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => readFileSync(join(place.dataDir, name), 'latin1'))
    expect(stored.join()).toContain('[REDACTED]')
    const everything = [detail, window, hits, shown, engine.told, engine.problems].map((one) => JSON.stringify(one))
    for (const secret of ALL) expect([...everything, readFileSync(news, 'utf8'), ...stored].join()).not.toContain(secret)
    expect(readFileSync(join(place.dataDir, 'attempts', id, '1-1', 'stdout'), 'utf8')).toContain(ALL.join(' '))
  })
})

describe('notifications', () => {
  it('are degraded when three in a row did not arrive, also on the desktop, and well again after one that did', async () => {
    desktop = 'the desktop refused it'
    for (let times = 0; times < 3; times++) await engine.jobs.testNotification('desktop')
    expect(engine.jobs.notifications()).toMatchObject({
      degraded: true,
      channels: [{ name: 'desktop', kind: 'desktop', state: 'failing', lastFailure: { message: 'the desktop refused it' } }],
    })
    desktop = null
    expect(await engine.jobs.testNotification('desktop')).toMatchObject({ state: 'ready' })
    expect(engine.jobs.notifications()).toMatchObject({ degraded: false, since: null })
    await expect(engine.jobs.testNotification('nobody')).rejects.toMatchObject({ code: 'CHANNEL_UNKNOWN' })
  })

  it('that do not arrive change nothing about the job; a channel that cannot be used says why', async () => {
    engine.jobs.changeSettings({
      channels: [{ id: 'team', kind: 'slack', events: ['job_complete'], url: 'secret:MISSING' }],
    })
    const { id } = await engine.jobs.submit(
      place.score({
        name: 'plain',
        sheets: 1,
        instrument: 'cli',
        prompt: ['true'],
        notifications: [{ type: 'command', config: { command: 'no-such-program' } }],
      }),
    )
    await engine.reaches(id, 'completed')
    await until('both have failed', () => engine.problems.length >= 2)
    expect(engine.problems.join('\n')).toMatch(/"team" of "plain" did not arrive: There is no secret "MISSING"/)
    expect(engine.problems.join('\n')).toMatch(
      /"plain: command 1" of "plain" did not arrive: the program "no-such-program" is not there/,
    )
    expect(engine.jobs.notifications().channels).toMatchObject([{ name: 'team', state: 'unusable' }])
  })
})
