import type { AttemptRecord } from '../../main/engine/ports.ts'

/** The record of an attempt that runs, the first of sheet 1 of `job`; `given` says what is different. */
export const attemptRecord = (given: Partial<AttemptRecord> = {}): AttemptRecord => ({
  jobId: 'job',
  sheet: 1,
  number: 1,
  marker: 'job.1.1.cafe',
  folder: '/data/attempts/job/1-1',
  instrument: 'cli',
  choice: 0,
  mode: 'normal',
  identity: { pid: 4711, startTime: 'boot:77' },
  startedAt: 1000,
  startedAwake: 500,
  stillMs: 0,
  frozenAwake: null,
  endedAt: null,
  exitStatus: null,
  outcome: null,
  errorCode: null,
  errorMessage: null,
  usage: null,
  ...given,
})
