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
})
/** Epoch ms. */
const time = z.number()

const runningAttempt = z.object({
  sheet: z.number(),
  number: z.number(),
  pid: z.number().nullable(),
  phase: z.enum(['starting', 'running', 'frozen', 'stopping', 'checking']),
  startedAt: time,
  lastOutputAt: time.nullable(),
  /** When it is stopped if it prints nothing until then. */
  staleAt: time.nullable(),
  /** What its processes use; null while nobody looks. Memory in bytes, 100 % is one core. */
  load: z.object({ processes: z.number(), memoryBytes: z.number(), cpuPercent: z.number().nullable() }).nullable(),
})

export const jobSummary = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  status: jobStatus,
  frozen: z.object({ since: time, by: z.enum(['user', 'pressure']), thawing: z.boolean() }).nullable(),
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
  usage,
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
export type Settings = z.output<typeof settings>
