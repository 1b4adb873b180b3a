import type { AttemptRecord, Disposer, GroupSample, Launcher } from '../ports.ts'
import { lastOutputAt } from '../processes/last-output.ts'
import type { AttemptPhase, GroupLoad } from '../views.ts'

const LOOK_MS = 2000
/** While nobody looks and only a limit needs to know, processes are counted at every so many looks. */
const IDLE_LOOKS = 5

export interface Liveness {
  /** Epoch ms of the attempt's last output, as of the last look; null when it wrote nothing yet. */
  lastOutputAt(folder: string): number | null
  /** What the attempt's processes use; null while nobody looks. */
  loadOf(marker: string): GroupLoad | null
  /** All of the attempt's processes were stopped, whoever did it, when looked at after `since` (monotonic ms). */
  isStopped(marker: string, since: number): boolean
  /** How many processes all attempts have, as of the last sample. */
  processes(): number
  /** Somebody looks: CPU and memory are sampled until the answer is called. */
  observe(): Disposer
  /** Attempts may be running: starts looking, unless it does already. */
  wake(): void
  readonly close: Disposer
}

export interface LivenessParts {
  /** The attempts that run now. */
  running(): readonly RunningAttempt[]
  readonly launcher: Pick<Launcher, 'sample'>
  /** Something about a job's attempts is different from the last look. */
  onChange(jobId: string): void
  /** What a sample showed. */
  onSample(attempt: RunningAttempt, sample: GroupSample): void
  /** After every look. */
  onLook(): void
  /** Called for each running attempt at every look: keeps its output within its limit. */
  tend(attempt: RunningAttempt): Promise<void>
}

export interface RunningAttempt {
  readonly record: AttemptRecord
  readonly phase: AttemptPhase
  freeze(): void
  /** It printed something. */
  heard(): void
}

interface Sampled {
  readonly sample: GroupSample
  readonly load: GroupLoad
  /** Monotonic ms. */
  readonly at: number
}

/**
 * Looks every 2 s at the running attempts: when they last wrote something and, while somebody looks, what they use. No timer
 * while none runs. What is alive is a fact of its own, apart from the job's status.
 */
export function watchLiveness({ running, launcher, onChange, onSample, onLook, tend }: LivenessParts): Liveness {
  const outputs = new Map<string, number | null>()
  let samples = new Map<string, Sampled>()
  let observers = 0
  let looks = 0
  let looking = false
  let timer: NodeJS.Timeout | null = null
  let closed = false

  async function look(): Promise<void> {
    looking = true
    const attempts = running()
    const changed = new Set<string>()
    for (const folder of outputs.keys()) if (!attempts.some(({ record }) => record.folder === folder)) outputs.delete(folder)
    for (const attempt of attempts) {
      const { record } = attempt
      const at = await lastOutputAt(record.folder)
      if (at !== (outputs.get(record.folder) ?? null)) {
        outputs.set(record.folder, at)
        attempt.heard()
        changed.add(record.jobId)
      }
      await tend(attempt)
    }
    if (observers > 0 || looks % IDLE_LOOKS === 0) for (const jobId of await sample(attempts)) changed.add(jobId)
    looks += 1
    looking = false
    if (closed) return
    // First: whoever is told may wake us, and must not begin a second round beside this one.
    if (running().length > 0) timer = setTimeout(start, LOOK_MS)
    else samples.clear()
    for (const jobId of changed) onChange(jobId)
    onLook()
  }

  /** The jobs whose figures are new to those who look, or whose processes stopped or went on. */
  async function sample(attempts: readonly RunningAttempt[]): Promise<readonly string[]> {
    const known = attempts.flatMap((attempt) =>
      attempt.record.identity ? [{ ...attempt.record, identity: attempt.record.identity, attempt }] : [],
    )
    const now = performance.now()
    const answers = await launcher.sample(known).catch(() => null)
    if (answers === null) return []
    const before = samples
    samples = new Map()
    const changed: string[] = []
    for (const [index, record] of known.entries()) {
      const taken = answers[index]
      if (!taken) continue
      const last = before.get(record.marker)
      samples.set(record.marker, { sample: taken, at: now, load: loadFrom(taken, now, last) })
      onSample(record.attempt, taken)
      if (observers > 0 || taken.frozen !== (last?.sample.frozen ?? false)) changed.push(record.jobId)
    }
    return changed
  }

  function start(): void {
    timer = null
    void look()
  }

  function wake(): void {
    if (!looking && timer === null && !closed && running().length > 0) start()
  }

  return {
    lastOutputAt: (folder) => outputs.get(folder) ?? null,
    loadOf: (marker) => (observers > 0 ? (samples.get(marker)?.load ?? null) : null),
    isStopped(marker, since) {
      const seen = samples.get(marker)
      return seen !== undefined && seen.at > since && seen.sample.frozen
    },
    processes: () => [...samples.values()].reduce((sum, { sample: { processes } }) => sum + processes, 0),
    observe() {
      let over = false
      observers += 1
      // Whoever begins to look does not wait for the next round.
      if (observers === 1 && timer !== null) {
        clearTimeout(timer)
        start()
      }
      return () => {
        if (!over) observers -= 1
        over = true
      }
    },
    wake,
    close() {
      closed = true
      if (timer) clearTimeout(timer)
    },
  }
}

function loadFrom({ processes, memoryBytes, cpuMs }: GroupSample, now: number, last: Sampled | undefined): GroupLoad {
  const passed = last ? now - last.at : 0
  // Time of processes that ended is gone from the sum: less than nothing was not used.
  const cpuPercent = last && passed > 0 ? Math.max(0, Math.round((100 * (cpuMs - last.sample.cpuMs)) / passed)) : null
  return { processes, memoryBytes, cpuPercent }
}
