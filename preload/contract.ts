import { z } from 'zod'

/**
 * Every call and event across the border between main and renderer. The only thing the two share.
 * To add a call: add it here, then the compiler names the handler (`main/desktop/ipc/handlers.ts`) that is missing.
 */

const jobStatus = z.enum(['queued', 'running', 'pausing', 'paused', 'waiting', 'interrupted', 'completed', 'failed', 'cancelled'])
const sheetStatus = z.enum([
  'pending',
  'ready',
  'dispatched',
  'in_progress',
  'waiting',
  'retry_scheduled',
  'fermata',
  'completed',
  'failed',
  'skipped',
  'cancelled',
])
/** Tokens and US dollars. */
const usage = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  cacheReadTokens: z.number(),
  cacheWriteTokens: z.number(),
  costUsd: z.number().nullable(),
  /** At least and at most, where the cost is not certain. */
  costRange: z.tuple([z.number(), z.number()]).readonly().exactOptional(),
  /** Tokens at a price nobody knows; they are not in the cost. */
  unpricedTokens: z.number().exactOptional(),
  confidence: z.enum(['exact', 'reported', 'live', 'estimate']).exactOptional(),
  source: z.string().exactOptional(),
})

/** Tokens and US dollars used of a budget; `over`: its action was taken. */
const budget = z.object({
  scope: z.enum(['sheet', 'job', 'day']),
  sheet: z.number().nullable(),
  tokens: z.object({ used: z.number(), limit: z.number() }).nullable(),
  usd: z.object({ used: z.number(), limit: z.number() }).nullable(),
  warnPercent: z.number(),
  action: z.enum(['notify', 'pause', 'freeze', 'cancel']),
  state: z.enum(['ok', 'warned', 'over']),
})
/** Epoch ms. */
const time = z.number()

/** One in ten is below `low`, half below `mid`, one in ten above `high`. */
const range = z.object({ low: z.number(), mid: z.number(), high: z.number() })
const forecast = z.object({
  remainingMs: range.nullable(),
  tokens: range.nullable(),
  costUsd: range.nullable(),
  /** Null: too little is known. */
  basis: z.enum(['this score', 'this instrument']).nullable(),
  /** The attempts it rests upon. */
  runs: z.number(),
})

const limitMode = z.enum(['at_reset', 'never'])
/** What keeps sheets from their instrument. */
const limitWait = z.object({
  instrument: z.string(),
  /** Null: all its models. */
  model: z.string().nullable(),
  cause: z.enum(['rate_limit', 'rest', 'login']),
  /** When it is tried again; null: when its user says so. */
  until: time.nullable(),
  mode: limitMode,
})

const runningAttempt = z.object({
  sheet: z.number(),
  number: z.number(),
  pid: z.number().nullable(),
  phase: z.enum(['starting', 'running', 'frozen', 'stopping', 'checking']),
  startedAt: time,
  lastOutputAt: time.nullable(),
  /** Since when it prints nothing, moved on by the time it stood still or the computer slept; null while it does not run. */
  silentSince: time.nullable(),
  /** When it is stopped if it prints nothing until then. */
  staleAt: time.nullable(),
  /** What it used so far; null while nothing is known. */
  usage: usage.nullable(),
  /** How its figures come: while it runs, at its end only, counted from its text, or not any more. */
  metering: z.enum(['live', 'at_end', 'estimate', 'silent']),
  /** How long an attempt of its sheet usually takes, in ms; null while nobody knows. */
  usualMs: z.number().nullable(),
  /** What its processes use; null while nobody looks. Memory in bytes, 100 % is one core. */
  load: z.object({ processes: z.number(), memoryBytes: z.number(), cpuPercent: z.number().nullable() }).nullable(),
})

export const jobSummary = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  status: jobStatus,
  frozen: z.object({ since: time, by: z.enum(['user', 'pressure', 'budget', 'day']), thawing: z.boolean() }).nullable(),
  /** Pids that outlived its cancel. */
  survivors: z.array(z.number()).readonly(),
  cancelling: z.boolean(),
  reason: z.string(),
  instrument: z.string(),
  scorePath: z.string(),
  followsJob: z.string().nullable(),
  workspace: z.string(),
  createdAt: time,
  startedAt: time.nullable(),
  completedAt: time.nullable(),
  wakeAt: time.nullable(),
  sheetStatuses: z.array(sheetStatus).readonly(),
  completedSheets: z.number(),
  totalSheets: z.number(),
  /** Of all its attempts, the running ones as far as they told. */
  usage,
  budgets: z.array(budget).readonly(),
  limitWait: limitWait.nullable(),
  /** What is still to come, from how its sheets went before; null when it is over. */
  forecast: forecast.nullable(),
  running: z.array(runningAttempt).readonly(),
  needsYou: z.boolean(),
  can: z.object({ pause: z.boolean(), resume: z.boolean(), cancel: z.boolean(), freeze: z.boolean(), thaw: z.boolean() }),
  version: z.number(),
})

export const sheetView = z.object({
  number: z.number(),
  status: sheetStatus,
  startItem: z.number(),
  endItem: z.number(),
  movement: z.number(),
  movementName: z.string().nullable(),
  voice: z.number(),
  voices: z.number(),
  description: z.string().nullable(),
  dependsOn: z.array(z.number()).readonly(),
  instrument: z.string(),
  switches: z
    .array(
      z.object({
        from: z.string(),
        to: z.string(),
        reason: z.enum(['rate_limit', 'auth_failure', 'unavailable', 'exhausted']),
        at: time,
      }),
    )
    .readonly(),
  reason: z.string().nullable(),
  attempts: z.number(),
  failures: z.number(),
  wakeAt: time.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  validation: z
    .object({ passed: z.number(), total: z.number(), failures: z.array(z.string()).readonly(), skipped: z.number() })
    .nullable(),
  usage,
  startedAt: time.nullable(),
  completedAt: time.nullable(),
  can: z.object({ retry: z.boolean(), skip: z.boolean() }),
})

const diagnostic = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  remedy: z.string().nullable(),
  line: z.number(),
  column: z.number(),
})

export const jobDetail = jobSummary.extend({ sheets: z.array(sheetView).readonly(), notes: z.array(diagnostic).readonly() })

const jobId = z.string().min(1).max(200)
const jobRef = z.object({ jobId })
const sheetRef = jobRef.extend({ sheet: z.number().int().positive() })

/** Which output of which attempt; `attempt` 0 means the newest one. */
const logRef = z.object({
  jobId,
  sheet: z.number().int().positive(),
  attempt: z.number().int().nonnegative(),
  stream: z.enum(['stdout', 'stderr']),
})

/** An instrument: whether it can be used, and what keeps it from that. */
const standing = {
  name: z.string(),
  displayName: z.string(),
  /** What its profile says of it: also which login it needs. */
  description: z.string().nullable(),
  limits: z
    .array(z.object({ model: z.string().nullable(), until: time, mode: limitMode, since: time, message: z.string() }))
    .readonly(),
  restingUntil: time.nullable(),
  refused: z.object({ since: time, message: z.string() }).nullable(),
  running: z.number(),
  waitingSheets: z.number(),
}
export const instrumentStatus = z.discriminatedUnion('installed', [
  z.object({
    ...standing,
    installed: z.literal(true),
    path: z.string(),
    version: z.string().nullable(),
    /** Null where that cannot be asked. */
    loggedIn: z.boolean().nullable(),
  }),
  z.object({ ...standing, installed: z.literal(false), message: z.string(), remedy: z.string().nullable() }),
  /** Not asked yet. */
  z.object({ ...standing, installed: z.null() }),
])

/** USD for 1,000,000 tokens; what is left out is not known. */
const price = z.object({
  input: z.number(),
  output: z.number(),
  cacheRead: z.number().exactOptional(),
  cacheWrite: z.number().exactOptional(),
})

export const priceTable = z.object({
  /** Of what day the bundled prices are, `YYYY-MM-DD`. */
  date: z.string(),
  models: z.record(z.string(), price),
  /** Models whose price its user set. */
  own: z.array(z.string()).readonly(),
  problems: z.array(z.string()).readonly(),
})

/** What was used, by day, instrument, model and job; and the budget of today. */
export const usageReport = z.object({
  rows: z
    .array(
      z.object({
        /** `YYYY-MM-DD`. */
        day: z.string(),
        instrument: z.string(),
        model: z.string().nullable(),
        jobId: z.string(),
        jobName: z.string(),
        attempts: z.number(),
        usage,
      }),
    )
    .readonly(),
  today: budget.nullable(),
})

/** 10, 50 and 90 of 100 attempts had no more. */
const percentiles = z.object({ p10: z.number(), p50: z.number(), p90: z.number() })

/** What was learned of how sheets went. Durations in ms, rates from 0 to 1. */
export const insights = z.object({
  outcomes: z.number(),
  since: time.nullable(),
  sheets: z
    .array(
      z.object({
        score: z.string(),
        sheet: z.string(),
        instrument: z.string(),
        model: z.string().nullable(),
        runs: z.number(),
        durationMs: percentiles.nullable(),
        tokens: percentiles.nullable(),
        costUsd: percentiles.nullable(),
        successRate: z.number(),
        firstTryRate: z.number().nullable(),
        commonFailures: z.array(z.object({ code: z.string().nullable(), message: z.string(), count: z.number() })).readonly(),
        lastAt: time,
      }),
    )
    .readonly(),
})

const channelEvent = z.enum([
  'job_start',
  'sheet_start',
  'sheet_complete',
  'sheet_failed',
  'job_complete',
  'job_failed',
  'job_paused',
  'job_attention',
  'budget_warning',
  'budget_limit',
])
const channelBase = { id: z.string(), events: z.array(channelEvent) }
const namedTexts = z.record(z.string(), z.string())
/** Where news of all jobs go to. What is possible: main/engine/settings/channels.ts. */
const channel = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('desktop'), ...channelBase }),
  z.object({ kind: z.literal('slack'), ...channelBase, url: z.string() }),
  z.object({ kind: z.literal('webhook'), ...channelBase, url: z.string(), headers: namedTexts }),
  z.object({ kind: z.literal('command'), ...channelBase, command: z.array(z.string()), env: namedTexts }),
])

/** How the last messages to a channel went; `problem`: why nothing can be sent there. */
const channelHealth = z.object({
  name: z.string(),
  kind: z.enum(['desktop', 'slack', 'webhook', 'command']),
  state: z.enum(['ready', 'failing', 'unusable', 'unused']),
  problem: z.string().nullable(),
  lastDeliveredAt: time.nullable(),
  lastFailure: z.object({ at: time, message: z.string() }).nullable(),
})

/** The names of kept secrets, never their values; `safe`: there is a keychain to keep more. */
const secretNames = z.object({ names: z.array(z.string()).readonly(), safe: z.boolean() })
const secretName = z.string().regex(/^[\w.-]{1,100}$/)

/** Changes of the settings; what is not named stays. What they mean: main/engine/settings/settings.ts. */
const settingsChange = z.object({
  onReturn: z.enum(['continue', 'ask']).exactOptional(),
  jobTimeoutHours: z.number().exactOptional(),
  logLimitMb: z.number().exactOptional(),
  keepLogsDays: z.number().exactOptional(),
  keepLogsMb: z.number().exactOptional(),
  minFreeMemoryPercent: z.number().exactOptional(),
  maxProcesses: z.number().exactOptional(),
  freezeUnderPressure: z.boolean().exactOptional(),
  tokenWarningThreshold: z.number().exactOptional(),
  tokenErrorThreshold: z.number().exactOptional(),
  dayTokens: z.number().exactOptional(),
  dayUsd: z.number().exactOptional(),
  dayWarnPercent: z.number().exactOptional(),
  dayAction: z.enum(['notify', 'pause', 'freeze', 'cancel']).exactOptional(),
  learning: z.boolean().exactOptional(),
  channels: z.array(channel).exactOptional(),
})

export const settings = settingsChange.required()

export const logWindow = z.object({
  /** The attempt the lines are from, 0 when the sheet has none yet. */
  attempt: z.number(),
  from: z.number(),
  lines: z.array(z.string()).readonly(),
  totalLines: z.number(),
  sizeBytes: z.number(),
  /** When it was removed to save space; null when it was not. */
  removedAt: time.nullable(),
  /** It ran and its output is not there: somebody deleted it. */
  isGone: z.boolean(),
})

/** Lines of a log that hold what was looked for, in order. */
export const logHits = z.object({
  hits: z
    .array(
      z.object({
        line: z.number(),
        /** The line, clipped around the hit, and where in it the hit stands; counts from 0. */
        text: z.string(),
        start: z.number(),
        end: z.number(),
      }),
    )
    .readonly(),
  /** The line to go on at; null when the end of the log was reached. */
  next: z.number().nullable(),
})

/** `input` and `output` of each call. A call answers `Result<output>`. */
export const calls = {
  /** Everything the window shows at first, with the state's sequence number. */
  'jobs.snapshot': { input: z.null(), output: z.object({ sequence: z.number(), jobs: z.array(jobSummary).readonly() }) },
  'jobs.detail': { input: jobRef, output: jobDetail },
  'jobs.submit': { input: z.object({ scorePath: z.string().min(1).max(4096) }), output: jobSummary },
  /** Shows the system's file dialog; null when the user closes it. */
  'jobs.openScore': { input: z.null(), output: jobSummary.nullable() },
  'jobs.submitDemo': { input: z.null(), output: jobSummary },
  'jobs.pause': { input: jobRef, output: jobSummary },
  'jobs.resume': { input: jobRef, output: jobSummary },
  'jobs.cancel': { input: jobRef, output: jobSummary },
  'jobs.freeze': { input: jobRef, output: jobSummary },
  'jobs.thaw': { input: jobRef, output: jobSummary },
  /** Tries once more to end what outlived a cancel. */
  'jobs.endSurvivors': { input: jobRef, output: jobSummary },
  'jobs.retrySheet': { input: sheetRef, output: jobSummary },
  'jobs.skipSheet': { input: sheetRef, output: jobSummary },
  /** A person's decision on a sheet that waits for one. */
  'jobs.decide': {
    input: sheetRef.extend({ decision: z.enum(['accept', 'retry', 'skip', 'fail']) }),
    output: jobSummary,
  },
  'jobs.pauseAll': { input: z.null(), output: z.object({ count: z.number() }) },
  'jobs.resumeAll': { input: z.null(), output: z.object({ count: z.number() }) },
  /** Lines of a log, at most 2000 at once. `from` counts from 1; negative counts from the end (-200 = the last 200 lines). */
  'logs.window': {
    input: logRef.extend({ from: z.number().int(), count: z.number().int().min(1).max(2000) }),
    output: logWindow,
  },
  /** Looks for a text, or for a pattern in each line, from a line on (from 1). A newer search ends the one before. */
  'logs.search': {
    input: logRef.extend({
      text: z.string().min(1).max(1000),
      regex: z.boolean(),
      caseSensitive: z.boolean(),
      from: z.number().int().positive(),
    }),
    output: logHits,
  },
  /** Which log's growth the page wants to be told of; null: none. */
  'logs.follow': { input: logRef.nullable(), output: z.null() },
  /** Opens the job's workspace in the file manager. */
  'jobs.openWorkspace': { input: jobRef, output: z.null() },
  /** What its user set for all jobs. */
  'settings.get': { input: z.null(), output: settings },
  'settings.change': { input: settingsChange, output: settings },
  /** Allows a job, or each of its sheets, so much in all; null is no limit. */
  'jobs.setBudget': {
    input: jobRef.extend({
      scope: z.enum(['sheet', 'job']),
      tokens: z.number().int().positive().nullable(),
      usd: z.number().positive().nullable(),
    }),
    output: jobSummary,
  },
  /** `ask`: whether each is installed and logged in is asked anew, which may take seconds; `known`: what it said last. */
  'instruments.list': { input: z.object({ how: z.enum(['known', 'ask']) }), output: z.array(instrumentStatus).readonly() },
  /** After a login, or whatever was the matter: lets everybody go on, one sheet first. */
  'instruments.retry': { input: z.object({ instrument: z.string().min(1).max(200) }), output: z.null() },
  /** What happens about a rate limit. */
  'instruments.setLimit': {
    input: z.object({
      instrument: z.string().min(1).max(200),
      model: z.string().max(200).nullable(),
      mode: z.enum(['at_reset', 'never', 'now']),
    }),
    output: z.null(),
  },
  /** What was used since a day (`YYYY-MM-DD`). */
  'usage.report': { input: z.object({ since: z.string().regex(/^\d{4}-\d{2}-\d{2}$/) }), output: usageReport },
  'prices.get': { input: z.null(), output: priceTable },
  /** Null takes the user's own price back. */
  'prices.set': { input: z.object({ model: z.string().min(1).max(200), price: price.nullable() }), output: priceTable },
  'learning.insights': { input: z.null(), output: insights },
  /** Deletes what was learned, of one score or all; how many outcomes that was. */
  'learning.forget': { input: z.object({ score: z.string().nullable() }), output: z.object({ outcomes: z.number() }) },
  /** Whether notifications arrive (`degraded`: three or more in a row did not), over all jobs and by channel. */
  'notifications.readiness': {
    input: z.null(),
    output: z.object({ degraded: z.boolean(), since: time.nullable(), channels: z.array(channelHealth).readonly() }),
  },
  /** Sends a message to a channel of the settings, to try it out. */
  'notifications.test': { input: z.object({ channel: z.string().min(1).max(100) }), output: channelHealth },
  /** What notification channels may name as `secret:NAME`. */
  'secrets.list': { input: z.null(), output: secretNames },
  'secrets.set': { input: z.object({ name: secretName, value: z.string().min(1).max(10_000) }), output: secretNames },
  'secrets.remove': { input: z.object({ name: secretName }), output: secretNames },
  /** Takes back that Fermata quits when the sheets in flight are done. Jobs that were paused for it stay paused. */
  'app.stay': { input: z.null(), output: z.null() },
} as const

/** Errors cross the border as data: Electron would flatten a thrown one to its message. */
const problem = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string().nullable(),
  /** The score or template that was refused. */
  file: z.string().nullable(),
  /** Every finding, when a score was refused. Lines and columns count from 1. */
  findings: z
    .array(z.object({ line: z.number(), column: z.number(), message: z.string(), remedy: z.string().nullable() }))
    .readonly(),
})

/** Main → renderer. Batches come at most ten times a second; `sequence` grows by one with each. */
export const events = {
  'jobs.changed': z.object({
    sequence: z.number(),
    jobs: z.array(jobSummary).readonly(),
    removed: z.array(z.string()).readonly(),
  }),
  /** The followed log has grown. At most ten times a second. */
  'logs.grew': logRef,
  /** Show this job: its notification or tray row was clicked. */
  'app.showJob': jobRef,
  /** Show the settings: they were chosen in the menu bar. */
  'app.showSettings': z.null(),
  /** Show the instruments: they were chosen in the menu bar, or one in the tray needs its user. */
  'app.showInstruments': z.null(),
  /** Show what was used: it was chosen in the menu bar. */
  'app.showUsage': z.null(),
  /** Fermata quits when so many sheets are done; null: it does not quit. */
  'app.quitting': z.object({ sheets: z.number().nullable() }),
  /** Something went wrong outside a call, or a score was handed over and refused. */
  'app.problem': z.object({ title: z.string(), problem }),
} as const

export type Calls = typeof calls
export type CallName = keyof Calls
export type CallInput<N extends CallName> = z.input<Calls[N]['input']>
export type CallOutput<N extends CallName> = z.output<Calls[N]['output']>
export type Events = typeof events
export type EventName = keyof Events
export type EventPayload<N extends EventName> = z.output<Events[N]>

export type Problem = z.output<typeof problem>
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem }

/** What the preload puts on `window.fermata`: functions only. */
export interface Bridge {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>
  /** Returns a function that unsubscribes. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void
  /** The path of a file dropped on the window. */
  pathOf(file: File): string
  readonly platform: string
}

export type JobSummary = z.output<typeof jobSummary>
export type JobDetail = z.output<typeof jobDetail>
export type SheetView = z.output<typeof sheetView>
export type LogWindow = z.output<typeof logWindow>
export type LogHits = z.output<typeof logHits>
export type JobStatus = z.output<typeof jobStatus>
export type SheetStatus = z.output<typeof sheetStatus>
export type Usage = z.output<typeof usage>
export type Budget = z.output<typeof budget>
export type Forecast = z.output<typeof forecast>
export type LimitWait = z.output<typeof limitWait>
export type LimitMode = z.output<typeof limitMode>
export type InstrumentStatus = z.output<typeof instrumentStatus>
export type PriceTable = z.output<typeof priceTable>
export type Price = z.output<typeof price>
export type UsageReport = z.output<typeof usageReport>
export type Insights = z.output<typeof insights>
export type Readiness = CallOutput<'notifications.readiness'>
export type Settings = z.output<typeof settings>
