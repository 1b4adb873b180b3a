import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aScore } from '../../../../test/support/score.ts'
import { type NotificationEvent, wantsDesktop } from './event.ts'
import { createNotificationHealth } from './health.ts'
import { createNotifier } from './notifier.ts'

interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

let server: Server
let base: string
let received: Received[]
/** Status of each answer, in order; afterwards 200. 0 gives no answer. */
let answers: number[]
let waited: number[]
let failures: string[]

beforeEach(async () => {
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
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const event = (keys: Partial<NotificationEvent> = {}): NotificationEvent => ({
  name: 'job_complete',
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

const rulesOf = (...rules: readonly object[]) => aScore({ notifications: rules }).notifications
const health = () => createNotificationHealth()

function notifierFor(
  rules: readonly object[],
  keys: { environment?: NodeJS.ProcessEnv; health?: ReturnType<typeof health> } = {},
) {
  return createNotifier(rulesOf(...rules), {
    environment: {},
    onFailure: (sentence) => failures.push(sentence),
    wait: async (ms) => void waited.push(ms),
    ...keys,
  })
}

const webhook = (config: object = {}, rest: object = {}) => ({
  type: 'webhook',
  config: { url: `${base}/hook`, ...config },
  ...rest,
})

describe('a webhook', () => {
  it('gets the event with its context, and variables of the environment in its headers', async () => {
    const rule = webhook({ headers: { 'x-key': 'Bearer ${MY_KEY}' } })
    const error = `it said sk-ant-${'a1'.repeat(20)}`
    const arrived = await notifierFor([rule], { environment: { MY_KEY: 'k' } }).notify(event({ sheet: 2, error }))
    expect(arrived).toEqual({ 'webhook 1': true })
    expect(received).toMatchObject([{ path: '/hook', headers: { 'x-key': 'Bearer k', 'content-type': 'application/json' } }])
    expect(received[0]?.body).toEqual({
      event_type: 'job_complete',
      context: {
        job_id: 'opera-1a2b',
        job_name: 'opera',
        sheet_num: 2,
        total_sheets: 4,
        completed_sheets: 3,
        failed_sheets: 1,
        duration_seconds: 65,
        error_message: 'it said [REDACTED]',
      },
      metadata: { source: 'fermata', sent_at: '2026-06-17T14:00:00.000Z' },
    })
  })

  it('gets no metadata when it wants none, and its address from the environment', async () => {
    const rule = { type: 'webhook', config: { url_env: 'HOOK', include_metadata: false } }
    await notifierFor([rule], { environment: { HOOK: `${base}/env` } }).notify(event())
    expect(received).toMatchObject([{ path: '/env' }])
    expect(received[0]?.body).not.toHaveProperty('metadata')
  })

  it('is tried again after 5xx, "too many requests" and silence, but not after 4xx', async () => {
    answers = [503, 429]
    expect(await notifierFor([webhook({ retry_delay: 0.5 })]).notify(event())).toEqual({ 'webhook 1': true })
    expect(waited).toEqual([500, 500])

    answers = [0]
    expect(await notifierFor([webhook({ timeout: 0.1, max_retries: 0 })]).notify(event())).toEqual({ 'webhook 1': false })
    answers = [404]
    expect(await notifierFor([webhook()]).notify(event())).toEqual({ 'webhook 1': false })
    expect(failures).toEqual([
      'The notification webhook 1 of "opera" did not arrive: no answer within 0.1 s',
      'The notification webhook 1 of "opera" did not arrive: it answered with status 404',
    ])
    expect(received).toHaveLength(5)
  })

  it('that nobody listens at fails without telling its address', async () => {
    const rule = webhook({ url: 'http://127.0.0.1:1/secret-path', max_retries: 1 })
    expect(await notifierFor([rule]).notify(event())).toEqual({ 'webhook 1': false })
    expect(waited).toEqual([1000])
    expect(failures.join()).not.toContain('secret-path')
  })
})

describe('slack', () => {
  it('gets a coloured message with progress, results, duration and the error cut short', async () => {
    const rule = {
      type: 'slack',
      on_events: ['job_failed'],
      config: { webhook_url: `${base}/slack`, channel: '#ops', username: 'F' },
    }
    await notifierFor([rule]).notify(event({ name: 'job_failed', error: 'x'.repeat(200) }))
    expect(received).toMatchObject([{ path: '/slack', body: { text: 'opera has failed', channel: '#ops', username: 'F' } }])
    expect(received[0]?.body).toMatchObject({
      attachments: [
        {
          color: '#eb5757',
          fields: [
            { title: 'Progress', value: '3 of 4 sheets' },
            { title: 'Results', value: '3 completed, 1 failed' },
            { title: 'Duration', value: '1 min 05 s' },
            { title: 'Error', value: `${'x'.repeat(99)}…` },
          ],
        },
      ],
    })
  })
})

describe('notifications of a score', () => {
  it('go out for the events of each rule only', async () => {
    const rules = [webhook({}, { on_events: ['sheet_failed'] }), webhook(), { type: 'email' }, { type: 'desktop' }]
    const notifier = notifierFor(rules)
    expect(await notifier.notify(event())).toEqual({ 'webhook 2': true })
    expect(await notifier.notify(event({ name: 'sheet_start' }))).toEqual({})
  })

  it('do not disturb each other', async () => {
    const broken = { type: 'slack', config: { webhook_url_env: 'NOT_SET' } }
    expect(await notifierFor([broken, webhook()]).notify(event())).toEqual({ 'slack 1': false, 'webhook 2': true })
    expect(failures).toEqual([expect.stringContaining('The environment variable NOT_SET is not set. Set NOT_SET before')])
  })

  it('that make no sense are told and left out', async () => {
    const notifier = notifierFor([{ type: 'slack' }, webhook({ timeout: 'long' }), webhook({ ulr: 'x' })])
    expect(notifier.problems).toEqual([
      expect.stringContaining('needs `webhook_url` or `webhook_url_env`'),
      expect.stringContaining('`timeout` must be a number above 0.'),
    ])
    expect(await notifier.notify(event())).toEqual({ 'webhook 3': true })
  })

  it('are degraded after three failures in a row over all jobs, told once, until one arrives (case 10)', async () => {
    const told: [boolean, number][] = []
    const shared = createNotificationHealth((degraded, count) => told.push([degraded, count]))
    const one = notifierFor([webhook()], { health: shared })
    const other = notifierFor([webhook()], { health: shared })
    answers = [400, 400, 200, 400, 400, 400, 400]
    for (const notifier of [one, other, one]) await notifier.notify(event())
    expect(shared.degraded).toBe(false)
    for (const notifier of [one, other, one, one]) await notifier.notify(event())
    expect(shared.degraded).toBe(true)
    await other.notify(event())
    expect(shared.degraded).toBe(false)
    expect(told).toEqual([
      [true, 3],
      [false, 4],
    ])
  })
})

describe('the desktop', () => {
  it('shows what a rule of its kind asks for', () => {
    const rules = rulesOf({ type: 'desktop', on_events: ['sheet_failed'] }, webhook({}, { on_events: ['job_paused'] }))
    expect(wantsDesktop(rules, 'sheet_failed')).toBe(true)
    expect(wantsDesktop(rules, 'job_paused')).toBe(false)
    expect(wantsDesktop(rulesOf({ type: 'desktop' }), 'job_complete')).toBe(true)
  })
})
