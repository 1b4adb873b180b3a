import { describe, expect, it } from 'vitest'
import { decide } from './decide.ts'
import { isLegal, refusal } from './legal.ts'
import { newJob, policyOf } from './new-job.ts'
import type { JobCommand, JobEvent, JobState, JobStatus } from './state.ts'

const policy = policyOf({ maxRetries: 1, baseDelaySeconds: 1, maxDelaySeconds: 1, exponentialBase: 1, jitter: false })
const sheets = [1, 2].map((number) => ({ number, startItem: number, endItem: number }))
const ended = (outcome: Extract<JobEvent, { type: 'attempt_ended' }>['outcome']): JobEvent => ({
  type: 'attempt_ended',
  sheet: 1,
  attempt: 1,
  outcome,
  usage: null,
})
const started: JobEvent[] = [{ type: 'start' }, { type: 'slot_granted', sheet: 1 }]
const make = (count: number, ...events: JobEvent[]): JobState =>
  events.reduce((job, event) => decide(job, event, 0).state, newJob('j', { sheets: sheets.slice(0, count) }, policy, 0))

/** A job in each status there is. */
const examples: Record<JobStatus, JobState> = {
  queued: make(2, { type: 'start' }),
  running: make(2, ...started),
  pausing: make(2, ...started, { type: 'pause', by: 'user' }),
  paused: make(2, { type: 'start' }, { type: 'pause', by: 'user' }),
  waiting: make(2, ...started, ended({ kind: 'rate_limited', message: 'limit', resetAt: 99_000 })),
  interrupted: make(2, ...started, ended({ kind: 'lost' })),
  completed: make(1, ...started, ended({ kind: 'succeeded', validation: null })),
  failed: make(
    2,
    ...started,
    ended({ kind: 'failed', error: { code: 'E009', message: 'm' }, retriable: false, validation: null }),
  ),
  cancelled: make(2, { type: 'start' }, { type: 'cancel' }),
}

const LEGAL: Record<JobCommand, readonly JobStatus[]> = {
  pause: ['queued', 'running', 'pausing', 'waiting'],
  resume: ['pausing', 'paused', 'waiting', 'interrupted', 'failed', 'cancelled'],
  cancel: ['queued', 'running', 'pausing', 'paused', 'waiting', 'interrupted'],
}
const EVENTS: Record<JobCommand, JobEvent> = {
  pause: { type: 'pause', by: 'user' },
  resume: { type: 'resume' },
  cancel: { type: 'cancel' },
}

describe.each(Object.entries(examples))('a job that is %s', (status, job) => {
  it('is what it says', () => expect(job.status).toBe(status))

  it.each(['pause', 'resume', 'cancel'] as const)('takes %s only where that makes sense, and decide agrees', (command) => {
    const legal = LEGAL[command].includes(job.status)
    expect(isLegal(job, command)).toBe(legal)
    const reacts = decide(job, EVENTS[command], 1).state !== job
    // Pausing twice is legal and harmless: nothing is left to do.
    expect(reacts).toBe(legal && !(command === 'pause' && status === 'pausing'))
    if (!legal) expect(refusal(job, command)).toContain(status)
  })
})

describe('a job that is being cancelled', () => {
  it('takes neither pause nor resume, and says that it is being cancelled', () => {
    const job = decide(examples.running, { type: 'cancel' }, 1).state
    expect(isLegal(job, 'pause')).toBe(false)
    expect(isLegal(job, 'resume')).toBe(false)
    expect(refusal(job, 'resume')).toContain('being cancelled')
  })
})
