import type { InstrumentCheck } from './instruments/check.ts'
import type { JobForecast } from './learning/job-forecast.ts'
import type { Insights } from './learning/memory.ts'
import type { LimitMode, RateLimit, Refusal } from './limits/standing.ts'
import type { LogPattern } from './logs/search.ts'
import type { LogSearchResult } from './logs/search-thread.ts'
import type { Disposer } from './ports.ts'
import type { ModelPrice, PriceTable } from './prices/price-table.ts'
import type { ResumeOptions, SubmitOptions } from './requests.ts'
import type { DryRun } from './running/dry-run.ts'
import type { FermataDecision } from './scheduling/state.ts'
import type { EffectiveConfig } from './score/effective.ts'
import type { Settings } from './settings/settings.ts'
import type { JobDetail, JobSummary, LogWindow, NotificationChannel, NotificationReadiness, UsageReport } from './views.ts'

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
  /**
   * Allows a job, or each of its sheets, so many tokens and USD in all; null is no limit. A job that its budget held goes on
   * where it is not used up any more. @throws JobSubmissionError when the job is over
   */
  setBudget(
    jobId: string,
    scope: 'sheet' | 'job',
    limits: { readonly tokens: number | null; readonly usd: number | null },
  ): Promise<JobSummary>
  /** What was used since a day (`YYYY-MM-DD`), also by jobs that are gone. */
  usageReport(since: string): Promise<UsageReport>
  /** What was learned of how attempts went, and its deletion: all of it, or that of one score; how many outcomes were deleted. */
  readonly learning: { insights(): Insights; forget(score?: string): number }
  /** What is still to come of a job, from how its sheets went before; null when it is over. @throws JobNotFoundError */
  forecast(jobId: string): Promise<JobForecast | null>
  /** What models cost: the bundled table with the user's own prices laid over it. */
  prices(): PriceTable
  /**
   * Sets the user's own price of a model, in USD for 1,000,000 tokens, or takes it back (null). Costs from now on follow it.
   * @throws FermataError PRICE_INVALID naming what is not possible, PRICES_UNWRITABLE
   */
  setPrice(model: string, price: ModelPrice | null): PriceTable
  /** Whether notifications arrive, over all jobs and by channel. */
  notifications(): NotificationReadiness
  /** Sends a message to one of the channels in the settings, to try it out. @throws FermataError CHANNEL_UNKNOWN */
  testNotification(channelId: string): Promise<NotificationChannel>
  /** Decides on a sheet that waits for a person. @throws JobSubmissionError when it does not. */
  decide(jobId: string, sheet: number, decision: FermataDecision): Promise<JobSummary>
  /** Lets an instrument be used before its rate limit ends, one sheet first; how many limits there were. */
  clearRateLimits(instrument: string): number
  /**
   * The same instruments as {@link checkInstruments}, with what keeps each from being used, over all jobs. Asking them takes
   * seconds: `known` tells at once what was found out last.
   */
  instruments(how?: 'known' | 'ask'): Promise<readonly InstrumentStatus[]>
  /**
   * What happens about a limit: its sheets go on when it ends (`at_reset`), not before their user says so (`never`), or now,
   * one sheet first. @throws JobSubmissionError NO_LIMIT when it is over
   */
  setLimit(instrument: string, model: string | null, mode: LimitMode | 'now'): void
  /**
   * After a login, or whatever else was the matter: forgets limits, rest and refusal, and lets everybody go on, one sheet
   * first. @throws JobSubmissionError when there is no such instrument
   */
  retryInstrument(instrument: string): void
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
export type InstrumentReport = InstrumentName & InstrumentCheck

/** What an instrument is called, and what its profile says of it. */
export interface InstrumentName {
  readonly name: string
  readonly displayName: string
  readonly description: string | null
}

/** What is known of an instrument, and what keeps it from being used. `installed` null: not asked yet. Times are epoch ms. */
export type InstrumentStatus = (InstrumentReport | (InstrumentName & { readonly installed: null })) & {
  /** One whose time has passed is kept until a sheet has shown that it is over. */
  readonly limits: readonly Omit<RateLimit, 'instrument' | 'triedAt'>[]
  /** It failed too often in a row and is left alone until then. */
  readonly restingUntil: number | null
  /** It wants a login: nothing starts on it before {@link JobService.retryInstrument}. */
  readonly refused: Refusal | null
  /** Attempts on it now. */
  readonly running: number
  /** Sheets that could go on if it could be used. */
  readonly waitingSheets: number
}
