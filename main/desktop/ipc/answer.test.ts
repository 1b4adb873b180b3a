import { describe, expect, it, vi } from 'vitest'
import { jobSummary } from '../../../test/support/job-summary.ts'
import { JobNotFoundError } from '../../engine/index.ts'
import { answer, type Handlers } from './answer.ts'

/** Every handler refuses, except those given. */
function handlers(given: Partial<Handlers>): Handlers {
  const refuse = () => {
    throw new Error('not expected')
  }
  return new Proxy(given, { get: (target, name) => Reflect.get(target, name) ?? refuse }) as Handlers
}

describe('the answer to a call', () => {
  it('carries the value of the handler', async () => {
    const pause = vi.fn(() => jobSummary())
    expect(await answer(handlers({ 'jobs.pause': pause }), 'jobs.pause', { jobId: 'job-1' })).toEqual({
      ok: true,
      value: jobSummary(),
    })
    expect(pause).toHaveBeenCalledWith({ jobId: 'job-1' })
  })

  it.each([[null], [{}], [{ jobId: 1 }], [{ jobId: '' }], ['job-1']])(
    'refuses input that breaks the contract: %j',
    async (input) => {
      const pause = vi.fn(() => jobSummary())
      const result = await answer(handlers({ 'jobs.pause': pause }), 'jobs.pause', input)
      expect(result).toMatchObject({ ok: false, problem: { code: 'BAD_INPUT' } })
      expect(pause).not.toHaveBeenCalled()
    },
  )

  it('bounds how much of a log is asked for', async () => {
    const input = { jobId: 'j', sheet: 1, attempt: 0, stream: 'stdout', from: 1, count: 2001 }
    expect(await answer(handlers({}), 'logs.window', input)).toMatchObject({ ok: false, problem: { code: 'BAD_INPUT' } })
  })

  it('tells an error as data, whether it is thrown or rejected', async () => {
    const thrown = handlers({
      'jobs.pause': () => {
        throw new JobNotFoundError('job-1')
      },
    })
    const rejected = handlers({ 'jobs.pause': () => Promise.reject(new JobNotFoundError('job-1')) })
    for (const either of [thrown, rejected]) {
      expect(await answer(either, 'jobs.pause', { jobId: 'job-1' })).toMatchObject({
        ok: false,
        problem: { code: 'JOB_NOT_FOUND', remedy: 'List the jobs to see their ids.' },
      })
    }
  })

  it('survives a mistake of ours and writes it down', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(await answer(handlers({}), 'jobs.pauseAll', null)).toMatchObject({ ok: false, problem: { code: 'INTERNAL' } })
    expect(told).toHaveBeenCalledTimes(1)
  })
})
