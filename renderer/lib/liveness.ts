import { formatAge, formatBytes, formatClock, plural } from './format.ts'
import type { Attempt } from './status.ts'

/** From here on (ms) silence is worth a word where the score does not watch for it. */
const LONG_SILENCE = 10 * 60_000

type Load = NonNullable<Attempt['load']>

/** An attempt that has printed nothing for long. */
export interface Stall {
  /** Ms. */
  readonly silentMs: number
  /** When it will be stopped for it (epoch ms), null where the score does not watch. */
  readonly stopsAt: number | null
}

/** Whether the attempt's silence is worth a word: half of its time is over, or ten minutes where none is set. What stands still is not silent. */
export function stallOf({ phase, silentSince, staleAt }: Attempt, now: number): Stall | null {
  if (phase !== 'running' || silentSince === null) return null
  const patience = staleAt === null ? LONG_SILENCE : (staleAt - silentSince) / 2
  return now - silentSince >= patience ? { silentMs: now - silentSince, stopsAt: staleAt } : null
}

/** `No output for 6 min; will be stopped at 14:32`. */
export function stallText({ silentMs, stopsAt }: Stall, now: number): string {
  const silence = `No output for ${formatAge(silentMs)}`
  if (stopsAt === null) return silence
  return `${silence}; ${stopsAt > now ? `will be stopped at ${formatClock(stopsAt, now)}` : 'about to be stopped'}`
}

/** What these attempts use in all, or null while nobody measured. What stands still uses no CPU, whatever was measured before. */
export function loadOf(attempts: readonly Attempt[]): Load | null {
  const loads = attempts.flatMap(({ load }) => load ?? [])
  if (loads.length === 0) return null
  const known = attempts.flatMap(({ phase, load }) => (phase === 'frozen' ? [] : (load?.cpuPercent ?? [])))
  return {
    processes: loads.reduce((sum, { processes }) => sum + processes, 0),
    memoryBytes: loads.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    cpuPercent: known.length === 0 ? null : known.reduce((sum, percent) => sum + percent, 0),
  }
}

/** `3 processes` */
export const processesText = ({ processes }: Load): string => plural(processes, 'process', 'processes')

/** `12 % CPU`, `180 MB`; what is not known is left out. */
export function usageFacts({ memoryBytes, cpuPercent }: Load): readonly string[] {
  return [...(cpuPercent === null ? [] : [`${cpuPercent}\u00a0%\u00a0CPU`]), formatBytes(memoryBytes)]
}
