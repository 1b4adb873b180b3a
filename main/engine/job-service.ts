import type { InstrumentCheck } from './instruments/check.ts'
import type { LogPattern } from './logs/search.ts'
import type { LogSearchResult } from './logs/search-thread.ts'
import type { Disposer } from './ports.ts'
import type { ResumeOptions, SubmitOptions } from './requests.ts'
import type { DryRun } from './running/dry-run.ts'
import type { FermataDecision } from './scheduling/state.ts'
import type { EffectiveConfig } from './score/effective.ts'
import type { Settings } from './settings/settings.ts'
import type { JobDetail, JobSummary, LogWindow } from './views.ts'

/**
 * Everything a user interface can do with jobs (Marianne: JobService), independent of any of them.
 * Every command answers with the job as it is then; commands that make no sense in its status are refused with a sentence.
 */
export interface JobService {
  /**
   * Accepts a score file as a new job and starts it when there is a slot.
   * @throws ScoreError with every finding; JobSubmissionError when it cannot be read, its instrument is unknown,
   *   its workspace is not usable, or the same score already runs there
   */
  submit(scorePath: string, options?: SubmitOptions): Promise<JobSummary>
  /**
   * What a score would do, without doing it.
   * @throws ScoreError with every finding; JobSubmissionError when it cannot be read
   */
  dryRun(scorePath: string, options?: Pick<SubmitOptions, 'workspace'>): Promise<DryRun>
  /**
   * Every value that would hold for a score, and where each came from.
   * @throws ScoreError with every finding; JobSubmissionError when it cannot be read
   */
  effectiveConfig(scorePath: string, options?: Pick<SubmitOptions, 'workspace'>): Promise<EffectiveConfig>
  /** Which instruments there are, and whether each is installed, in which version, and logged in where that can be asked. */
  checkInstruments(): Promise<readonly InstrumentReport[]>
  /** Lets the sheets in flight finish and starts no more. @throws JobSubmissionError naming the status. */
  pause(jobId: string): Promise<JobSummary>
  /**
   * Goes on at the first unfinished sheet; a finished sheet never runs again. The score is read anew, unless told otherwise
   * (Marianne §2.5: a named file, else the job's own, else what was kept of it).
   * @throws JobSubmissionError naming the status, or why the changed score cannot take the old one's place
   */
  resume(jobId: string, options?: ResumeOptions): Promise<JobSummary>
  /** Ends the processes now. The job is cancelled once they are gone. @throws JobSubmissionError naming the status. */
  cancel(jobId: string): Promise<JobSummary>
  /**
   * SIGSTOP for the processes of its running sheets, now; its clock and its timeouts stand still. Freezing twice is harmless.
   * @throws JobSubmissionError naming the status, or that this system cannot
   */
  freeze(jobId: string): Promise<JobSummary>
  /** Lets a frozen job go on, paused or running as it was. @throws JobSubmissionError naming the status. */
  thaw(jobId: string): Promise<JobSummary>
  /**
   * Runs a sheet again now: one that runs is ended first, one that waits does not, one that failed or was left out comes back
   * with what depends on it. The score is not read anew. @throws JobSubmissionError naming the sheet's status
   */
  retrySheet(jobId: string, sheet: number): Promise<JobSummary>
  /** Leaves a sheet out; one that runs is ended first. @throws JobSubmissionError naming the sheet's status */
  skipSheet(jobId: string, sheet: number): Promise<JobSummary>
  /** Tries once more to end what outlived a cancel. */
  endSurvivors(jobId: string): Promise<JobSummary>
  /** Somebody looks at the jobs: CPU and memory of what runs are sampled until the answer is called. */
  observe(): Disposer
  settings(): Settings
  /** Changes what is named. @throws FermataError SETTINGS_INVALID naming what is not possible, SETTINGS_UNWRITABLE */
  changeSettings(patch: Partial<Settings>): Settings
  /** Decides on a sheet that waits for a person. @throws JobSubmissionError when it does not. */
  decide(jobId: string, sheet: number, decision: FermataDecision): Promise<JobSummary>
  /** Lets an instrument be used before its rate limit ends; how many limits were forgotten. */
  clearRateLimits(instrument: string): number
  /** @throws JobNotFoundError */
  status(jobId: string): Promise<JobDetail>
  /** Newest first. */
  list(): Promise<readonly JobSummary[]>
  /**
   * Lines of an attempt's output. `attempt` 0 is the newest; `from` counts from 1, negative from the end.
   * @throws JobNotFoundError
   */
  logWindow(
    jobId: string,
    sheet: number,
    attempt: number,
    stream: 'stdout' | 'stderr',
    from: number,
    count: number,
  ): Promise<LogWindow & { readonly attempt: number }>
  /**
   * Looks through an attempt's output from line `from` on, as the windows show it; at most `limit` hits.
   * @throws JobNotFoundError; LogSearchError when the pattern is faulty or takes too long
   */
  searchLog(
    jobId: string,
    sheet: number,
    attempt: number,
    stream: 'stdout' | 'stderr',
    search: LogQuery,
  ): Promise<LogSearchResult>
  /** Calls `onGrowth` when an attempt's output has grown, at most ten times a second, until the answer is called. */
  followLog(jobId: string, sheet: number, attempt: number, stream: 'stdout' | 'stderr', onGrowth: () => void): Disposer
}

/** What to look for in a log, and how far. */
export interface LogQuery extends LogPattern {
  /** The line to begin at; counts from 1. */
  readonly from: number
  readonly limit: number
  readonly signal?: AbortSignal
}

/** What is known of an instrument on this computer. */
export type InstrumentReport = { readonly name: string; readonly displayName: string } & InstrumentCheck
