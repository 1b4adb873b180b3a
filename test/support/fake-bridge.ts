import type {
  Bridge,
  CallInput,
  CallName,
  CallOutput,
  EventName,
  EventPayload,
  InstrumentStatus,
  JobDetail,
  JobSummary,
  Problem,
  Result,
  Settings,
  SheetStatus,
  SheetView,
} from '../../preload/contract.ts'

const SETTINGS: Settings = {
  onReturn: 'continue',
  jobTimeoutHours: 0,
  logLimitMb: 1024,
  keepLogsDays: 90,
  keepLogsMb: 20_480,
  minFreeMemoryPercent: 5,
  maxProcesses: 2000,
  freezeUnderPressure: false,
  tokenWarningThreshold: 50_000,
  tokenErrorThreshold: 150_000,
  dayTokens: 0,
  dayUsd: 0,
  dayWarnPercent: 80,
  dayAction: 'pause',
  learning: true,
  channels: [{ id: 'desktop', kind: 'desktop', events: ['job_complete', 'job_failed'] }],
}
const NO_PRICES: CallOutput<'prices.get'> = { date: '2026-01-01', models: {}, own: [], problems: [] }
const NO_SECRETS: CallOutput<'secrets.list'> = { names: [], safe: true }
const HEALTHY: CallOutput<'notifications.test'> = {
  name: 'desktop',
  kind: 'desktop',
  state: 'ready',
  problem: null,
  lastDeliveredAt: null,
  lastFailure: null,
}
/** Hits a search answers with, before it is asked to go on. */
export const HITS_AT_ONCE = 500

const NO_USAGE = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null }

/** A running job of four sheets, two of them done, unless told otherwise. */
export function aJob(parts: Partial<JobSummary> & { readonly id: string }): JobSummary {
  const statuses: readonly SheetStatus[] = parts.sheetStatuses ?? ['completed', 'completed', 'in_progress', 'pending']
  return {
    name: parts.id,
    description: null,
    status: 'running',
    frozen: null,
    survivors: [],
    cancelling: false,
    reason: 'Sheet 3 of 4 is running',
    instrument: 'rehearsal',
    scorePath: `/scores/${parts.id}.yaml`,
    followsJob: null,
    workspace: `/home/ada/${parts.id}`,
    createdAt: 1_000,
    startedAt: 2_000,
    completedAt: null,
    wakeAt: null,
    sheetStatuses: statuses,
    completedSheets: statuses.filter((status) => status === 'completed').length,
    totalSheets: statuses.length,
    usage: NO_USAGE,
    budgets: [],
    limitWait: null,
    forecast: null,
    running: [],
    needsYou: false,
    can: { pause: true, resume: false, cancel: true, freeze: true, thaw: false },
    version: 1,
    ...parts,
  }
}

/** A running attempt of sheet 3. */
export const anAttempt = (parts: Partial<JobSummary['running'][number]> = {}): JobSummary['running'][number] => ({
  sheet: 3,
  number: 1,
  pid: 4711,
  phase: 'running',
  startedAt: 2_000,
  lastOutputAt: null,
  silentSince: 2_000,
  staleAt: null,
  usage: null,
  metering: 'live',
  usualMs: null,
  load: null,
  ...parts,
})

/** An instrument that is there and can be used. */
export const anInstrument = (
  parts: Partial<Extract<InstrumentStatus, { installed: true }>> & { readonly name: string },
): Extract<InstrumentStatus, { installed: true }> => ({
  displayName: parts.name,
  description: null,
  limits: [],
  restingUntil: null,
  refused: null,
  running: 0,
  waitingSheets: 0,
  installed: true,
  path: `/usr/bin/${parts.name}`,
  version: '1.2.3',
  loggedIn: null,
  ...parts,
})

/** What makes a job a frozen one. */
export const FROZEN = {
  status: 'paused',
  frozen: { since: 4_000, by: 'user', thawing: false },
  reason: 'Frozen by you at 14:02: sheet 3 stands still. Thaw lets it go on',
  can: { pause: false, resume: true, cancel: true, freeze: false, thaw: true },
} as const

/** The job with a view of each of its sheets. */
export function detailOf(job: JobSummary, sheets: readonly Partial<SheetView>[] = []): JobDetail {
  return {
    ...job,
    notes: [],
    sheets: job.sheetStatuses.map((status, index) => {
      const begun = status !== 'pending' && status !== 'ready'
      return {
        number: index + 1,
        status,
        startItem: index + 1,
        endItem: index + 1,
        movement: index + 1,
        movementName: null,
        voice: 1,
        voices: 1,
        description: null,
        dependsOn: index === 0 ? [] : [index],
        instrument: job.instrument,
        switches: [],
        reason: null,
        attempts: begun ? 1 : 0,
        failures: 0,
        wakeAt: null,
        error: null,
        validation: null,
        usage: NO_USAGE,
        startedAt: begun ? 2_000 : null,
        completedAt: status === 'completed' ? 3_000 : null,
        can: { retry: begun && status !== 'completed', skip: status !== 'completed' },
        ...sheets[index],
      }
    }),
  }
}

export function aProblem(parts: Partial<Problem> = {}): Problem {
  return { code: 'TEST', message: 'It did not work.', remedy: null, file: null, findings: [], ...parts }
}

type Answers = { [N in CallName]?: (input: CallInput<N>) => Result<CallOutput<N>> | Promise<Result<CallOutput<N>>> }

/** Main's side of the border, in memory. Without an answer of the test's own it serves `jobs` and `logs`. */
export interface FakeBridge extends Bridge {
  readonly jobs: Map<string, JobDetail>
  /** Lines by `job/sheet/attempt/stream`. */
  readonly logs: Map<string, string[]>
  readonly answers: Answers
  /** Every call so far, oldest first. */
  readonly asked: readonly { readonly name: CallName; readonly input: unknown }[]
  inputsOf<N extends CallName>(name: N): readonly CallInput<N>[]
  emit<N extends EventName>(name: N, payload: EventPayload<N>): void
  /** Changes a job and tells it in the next batch. */
  change(job: JobSummary): void
}

export function createFakeBridge(initial: readonly JobDetail[] = []): FakeBridge {
  const jobs = new Map(initial.map((job) => [job.id, job]))
  const logs = new Map<string, string[]>()
  const answers: Answers = {}
  const asked: { name: CallName; input: unknown }[] = []
  const listeners = new Map<EventName, Set<(payload: never) => void>>()
  let sequence = 1
  let settings = SETTINGS

  const job = (id: string): Result<JobDetail> => {
    const found = jobs.get(id)
    return found ? { ok: true, value: found } : { ok: false, problem: aProblem({ code: 'JOB_NOT_FOUND' }) }
  }
  const some = (): Result<JobDetail> => job(jobs.keys().next().value ?? '')
  const usual: Required<Answers> = {
    'jobs.snapshot': () => ({ ok: true, value: { sequence, jobs: [...jobs.values()] } }),
    'jobs.detail': ({ jobId }) => job(jobId),
    'jobs.submit': some,
    'jobs.openScore': some,
    'jobs.submitDemo': some,
    'jobs.pause': ({ jobId }) => job(jobId),
    'jobs.resume': ({ jobId }) => job(jobId),
    'jobs.cancel': ({ jobId }) => job(jobId),
    'jobs.freeze': ({ jobId }) => job(jobId),
    'jobs.thaw': ({ jobId }) => job(jobId),
    'jobs.endSurvivors': ({ jobId }) => job(jobId),
    'jobs.retrySheet': ({ jobId }) => job(jobId),
    'jobs.skipSheet': ({ jobId }) => job(jobId),
    'jobs.decide': ({ jobId }) => job(jobId),
    'jobs.pauseAll': () => ({ ok: true, value: { count: jobs.size } }),
    'jobs.resumeAll': () => ({ ok: true, value: { count: jobs.size } }),
    'jobs.openWorkspace': () => ({ ok: true, value: null }),
    'settings.get': () => ({ ok: true, value: settings }),
    'settings.change': (change) => {
      settings = { ...settings, ...change }
      return { ok: true, value: settings }
    },
    'logs.search': ({ jobId, sheet, attempt, stream, text, from }) => {
      const lines = logs.get(`${jobId}/${sheet}/${attempt}/${stream}`) ?? []
      const hits = lines.flatMap((line, index) => {
        const start = line.indexOf(text)
        return start === -1 || index + 1 < from ? [] : [{ line: index + 1, text: line, start, end: start + text.length }]
      })
      const more = hits.length > HITS_AT_ONCE
      return { ok: true, value: { hits: hits.slice(0, HITS_AT_ONCE), next: more ? (hits[HITS_AT_ONCE]?.line ?? null) : null } }
    },
    'jobs.setBudget': ({ jobId }) => job(jobId),
    'instruments.list': () => ({ ok: true, value: [] }),
    'instruments.retry': () => ({ ok: true, value: null }),
    'instruments.setLimit': () => ({ ok: true, value: null }),
    'usage.report': () => ({ ok: true, value: { rows: [], today: null } }),
    'prices.get': () => ({ ok: true, value: NO_PRICES }),
    'prices.set': () => ({ ok: true, value: NO_PRICES }),
    'learning.insights': () => ({ ok: true, value: { outcomes: 0, since: null, sheets: [] } }),
    'learning.forget': () => ({ ok: true, value: { outcomes: 0 } }),
    'notifications.readiness': () => ({ ok: true, value: { degraded: false, since: null, channels: [HEALTHY] } }),
    'notifications.test': () => ({ ok: true, value: HEALTHY }),
    'secrets.list': () => ({ ok: true, value: NO_SECRETS }),
    'secrets.set': () => ({ ok: true, value: NO_SECRETS }),
    'secrets.remove': () => ({ ok: true, value: NO_SECRETS }),
    'logs.follow': () => ({ ok: true, value: null }),
    'app.stay': () => ({ ok: true, value: null }),
    'logs.window': ({ jobId, sheet, attempt, stream, from, count }) => {
      const lines = logs.get(`${jobId}/${sheet}/${attempt}/${stream}`) ?? []
      const first = from < 0 ? Math.max(1, lines.length + from + 1) : from
      const window = lines.slice(first - 1, first - 1 + count)
      return {
        ok: true,
        value: {
          attempt,
          from: first,
          lines: window,
          totalLines: lines.length,
          sizeBytes: lines.join('\n').length,
          removedAt: null,
          isGone: false,
        },
      }
    },
  }

  const bridge: FakeBridge = {
    jobs,
    logs,
    answers,
    asked,
    platform: 'linux',
    pathOf: (file) => `/dropped/${file.name}`,
    async call(name, input) {
      asked.push({ name, input })
      return await (answers[name] ?? usual[name])(input)
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set.add(listener))
      return () => set.delete(listener)
    },
    inputsOf: <N extends CallName>(name: N) =>
      asked.filter((call) => call.name === name).map(({ input }) => input as CallInput<N>),
    emit: (name, payload) => {
      for (const listener of listeners.get(name) ?? []) listener(payload as never)
    },
    change: (summary) => {
      jobs.set(summary.id, detailOf(summary))
      sequence += 1
      bridge.emit('jobs.changed', { sequence, jobs: [summary], removed: [] })
    },
  }
  return bridge
}
