import type { EngineEvent, JobNews, JobSummary } from '../../main/engine/index.ts'

/** A job of four sheets, two of them done, that runs; `given` says what is different. */
export function jobSummary(given: Partial<JobSummary> = {}): JobSummary {
  return {
    id: 'job-1',
    name: 'nightly-refactor',
    description: null,
    status: 'running',
    frozen: null,
    survivors: [],
    cancelling: false,
    reason: 'Sheet 3 of 4 on rehearsal',
    instrument: 'rehearsal',
    scorePath: '/scores/nightly.yaml',
    followsJob: null,
    workspace: '/home/ada/nightly',
    createdAt: 1_000,
    startedAt: 2_000,
    completedAt: null,
    wakeAt: null,
    limitWait: null,
    sheetStatuses: ['completed', 'completed', 'in_progress', 'pending'],
    completedSheets: 2,
    totalSheets: 4,
    usage: { inputTokens: 10, outputTokens: 20, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null },
    budgets: [],
    forecast: null,
    running: [
      {
        ...{ sheet: 3, number: 1, pid: 4711, phase: 'running', startedAt: 3_000, lastOutputAt: null, silentSince: 3_000 },
        ...{ staleAt: null, usage: null, metering: 'live', usualMs: null, load: null },
      },
    ],
    needsYou: false,
    can: { pause: true, resume: false, cancel: true, freeze: true, thaw: false },
    version: 7,
    ...given,
  }
}

/** The same job, paused. */
export const pausedJob = (given: Partial<JobSummary> = {}): JobSummary =>
  jobSummary({
    status: 'paused',
    reason: 'Paused by you after sheet 2',
    running: [],
    can: { pause: false, resume: true, cancel: true, freeze: false, thaw: false },
    ...given,
  })

/** The same job, frozen. */
export const frozenJob = (given: Partial<JobSummary> = {}): JobSummary =>
  jobSummary({
    status: 'paused',
    frozen: { since: 4_000, by: 'user', thawing: false },
    reason: 'Frozen by you at 00:00: sheet 3 stands still. Thaw lets it go on',
    running: jobSummary().running.map((attempt) => ({ ...attempt, phase: 'frozen' as const })),
    can: { pause: false, resume: true, cancel: true, freeze: false, thaw: true },
    ...given,
  })

/** The same job, failed. */
export const failedJob = (given: Partial<JobSummary> = {}): JobSummary =>
  jobSummary({
    status: 'failed',
    reason: 'Failed on sheet 3: exit status 1',
    running: [],
    needsYou: true,
    can: { pause: false, resume: true, cancel: false, freeze: false, thaw: false },
    ...given,
  })

/** News of a job as the engine tells it. */
export const jobNews = (news: JobNews, jobId = 'job-1', reason = ''): EngineEvent & { type: 'job' } => ({
  type: 'job',
  jobId,
  news,
  at: 5_000,
  reason,
})
