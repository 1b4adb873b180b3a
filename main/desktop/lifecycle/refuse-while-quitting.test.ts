import { expect, it } from 'vitest'
import { jobSummary, pausedJob } from '../../../test/support/job-summary.ts'
import type { JobService } from '../../engine/index.ts'
import { resumeAll } from '../jobs/commands.ts'
import { startingNothingWhileQuitting } from './refuse-while-quitting.ts'

it('nothing begins or goes on in a Fermata that quits, and everything does again when it stays', async () => {
  const begun: string[] = []
  const engine: Pick<JobService, 'submit' | 'resume' | 'list'> = {
    submit: async (path) => {
      begun.push(path)
      return jobSummary()
    },
    resume: async (id) => {
      begun.push(id)
      return jobSummary()
    },
    list: async () => [pausedJob()],
  }
  let isQuitting = true
  // What else a service can do is not asked of it.
  const jobs = startingNothingWhileQuitting(engine as JobService, () => isQuitting)
  await expect(jobs.submit('a.yaml')).rejects.toMatchObject({ code: 'QUITTING', remedy: expect.stringContaining('Don’t quit') })
  await expect(jobs.resume('job-1')).rejects.toMatchObject({ code: 'QUITTING' })
  await expect(resumeAll(jobs)).rejects.toMatchObject({ code: 'QUITTING' })
  expect(begun).toEqual([])
  isQuitting = false
  await jobs.submit('a.yaml')
  await resumeAll(jobs)
  expect(begun).toEqual(['a.yaml', 'job-1'])
})
