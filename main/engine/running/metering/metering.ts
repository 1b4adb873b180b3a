import type { AttemptRecord, Disposer, JobRecord } from '../../ports.ts'
import { isWorthTelling } from '../../scheduling/budgets.ts'
import type { JobEvent, Usage } from '../../scheduling/state.ts'
import type { Meter, MeterReading } from '../../usage/meter.ts'
import type { AttemptPhase, Metering as MeteringWord } from '../../views.ts'

/** So often is looked at what running attempts used, in ms: a budget acts within two of these. */
const LOOK_MS = 1000

export interface Metering {
  /** What a running attempt used so far, and how that is known. */
  of(marker: string): { readonly usage: Usage | null; readonly metering: MeteringWord }
  /** The model it names, else the one that was asked for; null while nothing is known. */
  modelOf(marker: string): string | null
  /** Tells scheduling what the attempts of a job used, whether that crosses anything or not: its budgets are about to be judged. */
  tellAll(jobId: string): void
  /** Attempts may be running: starts looking, unless it does already. */
  wake(): void
  readonly close: Disposer
}

export interface MeteringParts {
  running(): readonly { readonly record: AttemptRecord; readonly phase: AttemptPhase }[]
  job(jobId: string): JobRecord | undefined
  /** Begins to read what an attempt prints. */
  meterFor(job: JobRecord, record: AttemptRecord): Meter
  /** Tells scheduling. */
  apply(jobId: string, event: JobEvent): void
  /** The figures of an attempt are others. */
  onReading(job: JobRecord, record: AttemptRecord, reading: MeterReading): void
  /** After every look. */
  onLook(): void
  /** Something went wrong that no job can be blamed for. */
  onProblem(message: string, error?: unknown): void
}

interface Metered {
  readonly meter: Meter
  reading: MeterReading
}

const UNREAD: MeterReading = { usage: null, events: 0, source: 'live', brokenSince: null, model: null, isBehind: false }

/**
 * Watches what running attempts use. An attempt that was adopted is read from its beginning: what it used while nobody watched
 * counts from the first look on. Scheduling is told only when that crosses a budget, or when an attempt stops telling: everything else
 * can be read again from its output.
 */
export function watchMetering(parts: MeteringParts): Metering {
  const metered = new Map<string, Metered>()
  let timer: NodeJS.Timeout | null = null
  let looking = false
  let closed = false

  async function look(): Promise<void> {
    looking = true
    const attempts = parts.running()
    for (const marker of metered.keys()) if (!attempts.some(({ record }) => record.marker === marker)) metered.delete(marker)
    for (const { record, phase } of attempts) {
      if (phase !== 'running' && phase !== 'frozen') continue
      await readOne(record).catch((error: unknown) =>
        parts.onProblem(`What sheet ${record.sheet} of "${record.jobId}" uses cannot be read.`, error),
      )
      if (closed) break
    }
    looking = false
    if (closed) return
    parts.onLook()
    if (parts.running().length === 0) return
    // Much was printed since the last look, or by an attempt that was adopted: what it used must not wait for its turn.
    const isBehind = [...metered.values()].some(({ reading }) => reading.isBehind)
    timer ??= setTimeout(start, isBehind ? 0 : LOOK_MS)
  }

  async function readOne(record: AttemptRecord): Promise<void> {
    const job = parts.job(record.jobId)
    if (!job) return
    const one = metered.get(record.marker) ?? { meter: parts.meterFor(job, record), reading: UNREAD }
    metered.set(record.marker, one)
    const before = one.reading
    one.reading = await one.meter.look()
    if (closed) return
    if (one.reading !== before) parts.onReading(job, record, one.reading)
    // Also what is known already: what it crosses may be new.
    tell(record, one.reading)
  }

  function tell({ jobId, sheet, number: attempt }: AttemptRecord, { usage, brokenSince }: MeterReading): void {
    const state = parts.job(jobId)?.state
    const current = state?.sheets[sheet - 1]
    if (!state || !current) return
    const silent = brokenSince !== null
    const told = current.unmetered !== 'no'
    if (silent !== told || (usage !== null && isWorthTelling(state, sheet, usage)))
      parts.apply(jobId, { type: 'metered', sheet, attempt, usage, silent })
  }

  function start(): void {
    timer = null
    void look()
  }

  return {
    of(marker) {
      const { usage, source, brokenSince } = metered.get(marker)?.reading ?? UNREAD
      return { usage, metering: brokenSince === null ? source : 'silent' }
    },
    tellAll(jobId) {
      for (const { record } of parts.running()) {
        const reading = record.jobId === jobId ? metered.get(record.marker)?.reading : undefined
        if (!reading?.usage) continue
        const { usage, brokenSince } = reading
        const { sheet, number: attempt } = record
        parts.apply(jobId, { type: 'metered', sheet, attempt, usage, silent: brokenSince !== null })
      }
    },
    modelOf: (marker) => metered.get(marker)?.reading.model ?? null,
    wake() {
      if (!looking && timer === null && !closed && parts.running().length > 0) start()
    },
    close() {
      closed = true
      if (timer) clearTimeout(timer)
    },
  }
}
