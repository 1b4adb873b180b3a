import { describe, expect, it } from 'vitest'
import { aJob, attempt, ended, failure, LIMIT, LOST, NOW, play, run, SUCCESS } from '../../../test/support/jobs.ts'
import { decide } from './decide.ts'
import { isGranted, isLegal, refusal } from './legal.ts'
import { reasonFor } from './reason.ts'
import type { JobCommand, JobEvent, JobState, JobStatus } from './state.ts'

const make = (sheets: number, ...events: JobEvent[]): JobState => play(aJob({ sheets }), events).state

/** A job in each status there is. */
const examples: Record<JobStatus, JobState> = {
  queued: make(2),
  running: make(2, ...run(1)),
  pausing: make(2, ...run(1), { type: 'pause', by: 'user' }),
  paused: make(2, { type: 'pause', by: 'user' }),
  waiting: make(2, ...attempt(1, 1, LIMIT)),
  interrupted: make(2, ...run(1), { type: 'pause', by: 'return' }, ended(1, 1, LOST)),
  completed: make(1, ...attempt(1, 1, SUCCESS)),
  failed: make(2, ...attempt(1, 1, failure('E009', false))),
  cancelled: make(2, { type: 'cancel' }),
}

const LEGAL: Record<JobCommand, readonly JobStatus[]> = {
  pause: ['queued', 'running', 'pausing', 'waiting'],
  resume: ['pausing', 'paused', 'waiting', 'interrupted', 'failed', 'cancelled'],
  cancel: ['queued', 'running', 'pausing', 'paused', 'waiting', 'interrupted'],
  freeze: ['running', 'pausing'],
  thaw: [],
}
const EVENTS: Record<JobCommand, JobEvent> = {
  pause: { type: 'pause', by: 'user' },
  resume: { type: 'resume' },
  cancel: { type: 'cancel' },
  freeze: { type: 'freeze', by: 'user' },
  thaw: { type: 'thaw' },
}

describe.each(Object.entries(examples))('a job that is %s', (status, job) => {
  it('is what it says', () => expect(job.status).toBe(status))

  it.each(['pause', 'resume', 'cancel', 'freeze', 'thaw'] as const)(
    'takes %s only where that makes sense, and decide agrees',
    (command) => {
      const legal = LEGAL[command].includes(job.status)
      expect(isLegal(job, command)).toBe(legal)
      const reacts = decide(job, EVENTS[command], NOW).state !== job
      // Pausing twice is legal and harmless: nothing is left to do.
      expect(reacts).toBe(legal && !(command === 'pause' && status === 'pausing'))
      if (!legal) expect(refusal(job, command)).toContain(status)
    },
  )
})

describe('a command whose wish already holds', () => {
  const frozen = decide(examples.running, EVENTS.freeze, NOW).state

  it('is told from one that makes no sense', () => {
    const granted: readonly (readonly [JobCommand, readonly JobStatus[]])[] = [
      ['pause', ['pausing', 'paused', 'interrupted']],
      ['resume', ['queued', 'running']],
      ['cancel', ['cancelled']],
      ['freeze', []],
      ['thaw', ['running', 'pausing']],
    ]
    for (const [command, statuses] of granted)
      expect(
        Object.values(examples)
          .filter((job) => isGranted(job, command))
          .map(({ status }) => status),
      ).toEqual(statuses)
    expect(isGranted(frozen, 'freeze')).toBe(true)
    expect(isGranted(decide(examples.running, EVENTS.cancel, NOW).state, 'thaw')).toBe(false)
  })
})

describe('a job that is being cancelled', () => {
  it('takes neither pause nor resume, and says that it is being cancelled', () => {
    const job = decide(examples.running, { type: 'cancel' }, NOW).state
    expect(isLegal(job, 'pause')).toBe(false)
    expect(isLegal(job, 'resume')).toBe(false)
    expect(refusal(job, 'resume')).toContain('being cancelled')
  })
})

describe('a job that waits for a decision', () => {
  const held = make(2, { type: 'hold', sheet: 1, reason: 'look' })

  it('can be paused and cancelled; only a decision lets it go on', () => {
    expect(held.status).toBe('waiting')
    expect((['pause', 'resume', 'cancel'] as const).map((command) => isLegal(held, command))).toEqual([true, false, true])
  })
})

describe('a job that is frozen', () => {
  const frozen = decide(examples.running, { type: 'freeze', by: 'user' }, NOW).state

  it('can be thawed, resumed, cancelled, frozen again, which changes nothing, and paused, which holds when it thaws', () => {
    expect(frozen.status).toBe('paused')
    const legal = (['pause', 'resume', 'cancel', 'freeze', 'thaw'] as const).map((command) => isLegal(frozen, command))
    expect(legal).toEqual([true, true, true, true, true])
    expect(decide(frozen, { type: 'freeze', by: 'user' }, NOW).state).toBe(frozen)
    const { state } = play(frozen, [EVENTS.pause])
    expect(reasonFor(state, undefined, NOW)).toMatch(/Thaw lets it go on to its end, then the job pauses$/)
    expect(play(state, [EVENTS.thaw]).state.status).toBe('pausing')
  })
})
