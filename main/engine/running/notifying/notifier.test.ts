import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../../test/support/place.ts'
import { aScore } from '../../../../test/support/score.ts'
import { createRedactor } from '../../redaction/redactor.ts'
import type { NotificationEvent } from './event.ts'
import { createNotificationHealth } from './health.ts'
import { channelsIn, channelsOf, dueFor, tell } from './notifier.ts'

interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

let place: Place
let server: Server
let base: string
let received: Received[]
/** Status of each answer, in order; afterwards 200. 0 gives no answer. */
let answers: number[]
let waited: number[]
let failures: string[]

beforeEach(async () => {
  place = makePlace()
  received = []
  answers = []
  waited = []
  failures = []
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(text) })
      const status = answers.shift() ?? 200
      if (status !== 0) response.writeHead(status).end('so it is')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  place.remove()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const event = (keys: Partial<NotificationEvent> = {}): NotificationEvent => ({
  name: 'job_complete',
  title: 'opera is finished',
  body: '',
  at: Date.parse('2026-06-17T14:00:00Z'),
  jobId: 'opera-1a2b',
  jobName: 'opera',
  sheet: null,
  totalSheets: 4,
  completedSheets: 3,
  failedSheets: 1,
  durationMs: 65_000,
  error: null,
  ...keys,
})

const secrets = { get: (name: string) => (name === 'HOOK' ? `${base}/secret` : null), values: () => [] }
/** Tells those rules of a score that ask for it. */
async function notify(rules: readonly object[], news = event(), environment: NodeJS.ProcessEnv = {}) {
  const means = { environment, secrets, showNotice: null, wait: async (ms: number) => void waited.push(ms) }
  const parts = { means, health: createNotificationHealth(() => 7), redact: createRedactor(environment).redact }
  const due = dueFor(news.name, [], channelsIn('opera', aScore({ notifications: rules }).notifications))
  const onFailure = (sentence: string) => void failures.push(sentence)
  const told = await Promise.all(due.map(async (channel) => [channel.name, await tell(channel, news, { ...parts, onFailure })]))
  return Object.fromEntries(told)
}

const webhook = (config: object = {}, rest: object = {}) => ({
  type: 'webhook',
  config: { url: `${base}/hook`, ...config },
  ...rest,
})

describe('a webhook', () => {
  it('gets the event with its context, and variables of the environment in its headers', async () => {
    const rule = webhook({ headers: { 'x-key': 'Bearer ${MY_KEY}' } })
    const arrived = await notify([rule], event({ sheet: 2, error: 'no file' }), { MY_KEY: 'k' })
    expect(arrived).toEqual({ 'opera: webhook 1': true })
    expect(received).toMatchObject([{ path: '/hook', headers: { 'x-key': 'Bearer k', 'content-type': 'application/json' } }])
    expect(received[0]?.body).toEqual({
      event_type: 'job_complete',
      title: 'opera is finished',
      context: {
        job_id: 'opera-1a2b',
        job_name: 'opera',
        sheet_num: 2,
        total_sheets: 4,
        completed_sheets: 3,
        failed_sheets: 1,
        duration_seconds: 65,
        error_message: 'no file',
      },
      metadata: { source: 'fermata', sent_at: '2026-06-17T14:00:00.000Z' },
    })
  })

  it('gets no metadata when it wants none, and its address from the environment', async () => {
    const rule = { type: 'webhook', config: { url_env: 'HOOK', include_metadata: false } }
    await notify([rule], event(), { HOOK: `${base}/env` })
    expect(received).toMatchObject([{ path: '/env' }])
    expect(received[0]?.body).not.toHaveProperty('metadata')
  })

  it('gets its address from the keychain', async () => {
    expect(await notify([webhook({ url: 'secret:HOOK' }), webhook({ url: '${secret:HOOK}/deeper' })])).toEqual({
      'opera: webhook 1': true,
      'opera: webhook 2': true,
    })
    expect(received.map(({ path }) => path).sort()).toEqual(['/secret', '/secret/deeper'])
  })

  it('is tried again after 5xx and silence, but not after 4xx, and never sent elsewhere', async () => {
    answers = [503, 500]
    expect(await notify([webhook({ retry_delay: 0.5 })])).toEqual({ 'opera: webhook 1': true })
    expect(waited).toEqual([500, 500])
    answers = [0]
    expect(await notify([webhook({ timeout: 0.1, max_retries: 0 })])).toEqual({ 'opera: webhook 1': false })
    for (const status of [404, 429, 307]) {
      answers = [status]
      expect(await notify([webhook()])).toEqual({ 'opera: webhook 1': false })
    }
    expect(failures).toEqual([
      'The notification "opera: webhook 1" of "opera" did not arrive: no answer within 0.1 s',
      ...[404, 429, 307].map(
        (status) => `The notification "opera: webhook 1" of "opera" did not arrive: it answered with status ${status}`,
      ),
    ])
    expect(received).toHaveLength(7)
  })

  it.each([
    ['that nobody listens at', { url: 'http://127.0.0.1:1/hush-hush' }],
    ['whose address is none', { url: 'hush-hush' }],
    ['with a header that is none', { headers: { 'x-key': 'hush-hush\nsecond: line' } }],
  ])('%s fails once and without telling its address', async (_, config) => {
    expect(await notify([webhook(config)])).toEqual({ 'opera: webhook 1': false })
    expect(waited).toEqual([])
    expect(failures.join()).not.toContain('hush')
  })
})

describe('slack', () => {
  it('gets a coloured message with progress, results, duration and the error cut short', async () => {
    const rule = {
      type: 'slack',
      on_events: ['job_failed'],
      config: { webhook_url: `${base}/slack`, channel: '#ops', username: 'F' },
    }
    await notify([rule], event({ name: 'job_failed', title: 'opera failed', error: 'x'.repeat(200) }))
    expect(received).toMatchObject([{ path: '/slack', body: { text: 'opera failed', channel: '#ops', username: 'F' } }])
    expect(received[0]?.body).toMatchObject({
      attachments: [
        {
          color: '#eb5757',
          fields: [
            { title: 'Progress', value: '3 of 4 sheets' },
            { title: 'Results', value: '3 completed, 1 failed' },
            { title: 'Duration', value: '1 min 05 s' },
            { title: 'Error', value: `${'x'.repeat(97)}[…]` },
          ],
        },
      ],
    })
  })
})

describe('a command', () => {
  const command = (line: string, rest: object = {}) => ({ type: 'command', config: { command: line, ...rest } })
  const script = (text: string) => {
    const file = join(place.root, 'told.sh')
    writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 })
    return file
  }

  it('gets what happened as JSON and in its environment, and its words as they are', async () => {
    const out = join(place.root, 'out')
    const file = script(`cat > '${out}'; printf '%s|' "$FERMATA_EVENT" "$FERMATA_TITLE" "$1" >> '${out}'`)
    expect(await notify([command(`${file} "a  b $HOME"`)], event({ title: 'opera; rm -rf' }), process.env)).toEqual({
      'opera: command 1': true,
    })
    const [json = '', words] = readFileSync(out, 'utf8').split('\n')
    expect(JSON.parse(json)).toMatchObject({ event_type: 'job_complete', context: { job_name: 'opera' } })
    expect(words).toBe('job_complete|opera; rm -rf|a  b $HOME|')
  })

  it('that fails, is not there or does not end is a failure, and says why without secrets', async () => {
    const environment = { PATH: process.env.PATH, MY_TOKEN: 'plainly-secret' }
    await notify([command(script('echo "first" >&2; echo "no plainly-secret here" >&2; exit 3'))], event(), environment)
    await notify([command('/nowhere/at-all')], event(), environment)
    await notify([command(script('sleep 60 & wait'), { timeout: 0.2 })], event(), environment)
    expect(failures.map((sentence) => sentence.split('arrive: ')[1])).toEqual([
      'it ended with status 3: no [REDACTED] here',
      'the program "/nowhere/at-all" is not there',
      'it did not end within 0.2 s',
    ])
  })
})

describe('notifications of a score', () => {
  it('go out for the events of each rule only', async () => {
    const rules = [webhook({}, { on_events: ['sheet_failed'] }), webhook(), { type: 'email' }, { type: 'desktop' }]
    expect(await notify(rules)).toEqual({ 'opera: webhook 2': true })
    expect(await notify(rules, event({ name: 'sheet_start' }))).toEqual({})
  })

  it('do not disturb each other', async () => {
    const broken = { type: 'slack', config: { webhook_url_env: 'NOT_SET' } }
    expect(await notify([broken, webhook()])).toEqual({ 'opera: slack 1': false, 'opera: webhook 2': true })
    expect(failures).toEqual([expect.stringContaining('The environment variable NOT_SET is not set. Set NOT_SET before')])
  })

  it('that make no sense are left out', async () => {
    expect(await notify([{ type: 'slack' }, webhook({ timeout: 'long' }), webhook({ ulr: 'x' })])).toEqual({
      'opera: webhook 3': true,
    })
  })
})

describe('the desktop', () => {
  const rules = (...given: object[]) => channelsIn('opera', aScore({ notifications: given }).notifications)
  const desktop = channelsOf([{ id: 'screen', kind: 'desktop', events: ['job_failed'] }])
  const names = (channels: readonly { name: string }[]) => channels.map(({ name }) => name)

  it('shows what its user or a score asks for, once', () => {
    const asks = rules({ type: 'desktop', on_events: ['sheet_failed', 'job_failed'] })
    expect(names(dueFor('job_failed', desktop, asks))).toEqual(['screen'])
    expect(names(dueFor('sheet_failed', desktop, asks))).toEqual(['screen'])
    expect(names(dueFor('job_complete', desktop, asks))).toEqual([])
  })

  it('shows nothing where its user has none', () => {
    expect(names(dueFor('job_failed', [], rules({ type: 'desktop' })))).toEqual([])
  })
})

describe('the health of notifications', () => {
  it('is degraded after three failures in a row over all channels, told once, until one arrives (case 10)', () => {
    const told: number[] = []
    const health = createNotificationHealth(
      () => 7,
      (count) => told.push(count),
    )
    const record = (...arrived: boolean[]) =>
      arrived.map((one, index) => health.record(`channel ${index % 2}`, one ? null : 'gone'))
    record(false, false, true, false, false)
    expect(health.degradedSince()).toBeNull()
    record(false, false)
    expect({ since: health.degradedSince(), told }).toEqual({ since: 7, told: [3] })
    record(true)
    expect({ since: health.degradedSince(), told }).toEqual({ since: null, told: [3] })
  })

  it('tells of each channel how its last messages went', () => {
    const health = createNotificationHealth(() => 7)
    expect(health.of('a')).toBeNull()
    expect(['gone', 'gone', null, 'gone'].map((why) => health.record('a', why))).toEqual([true, false, false, true])
    expect(health.of('a')).toEqual({ lastDeliveredAt: 7, lastFailure: { at: 7, message: 'gone' }, failing: true })
  })
})
