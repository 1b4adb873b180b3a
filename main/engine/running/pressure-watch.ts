import { totalmem } from 'node:os'
import { isCritical, pressureOf, type Strain, type StrainLimits } from '../limits/pressure.ts'
import type { JobRecord } from '../ports.ts'
import { isInFlight } from '../scheduling/statuses.ts'

export interface PressureParts {
  limits(): StrainLimits & { readonly freezeUnderPressure: boolean }
  processes(): number
  /** Percent of the computer's memory that is free; null where that cannot be told. */
  freeMemoryPercent(): number | null
  jobs(): readonly JobRecord[]
  freeze(jobId: string): void
  thaw(jobId: string): void
}

export interface PressureWatch {
  /** Why nothing new should start now; null when it may. */
  now(): string | null
  /** Freezes the youngest running job when memory runs out, and thaws when it is back; one job at a look. */
  relieve(): void
}

/** Backpressure of one person's computer (Marianne §6.4, without its delays): under pressure nothing new starts. */
export function watchPressure(parts: PressureParts): PressureWatch {
  let pressed = false
  const strain = (): Strain => ({ freeMemoryPercent: parts.freeMemoryPercent(), processes: parts.processes() })
  const now = (): string | null => {
    const reason = pressureOf(strain(), parts.limits(), pressed)
    pressed = reason !== null
    return reason
  }
  return {
    now,
    relieve() {
      const limits = parts.limits()
      const frozen = parts.jobs().filter(({ state }) => state.frozen?.by === 'pressure')
      if (frozen.length > 0 && (!limits.freezeUnderPressure || now() === null)) {
        const oldest = frozen.sort((a, b) => a.state.createdAt - b.state.createdAt)[0]
        if (oldest) parts.thaw(oldest.state.id)
        return
      }
      if (!limits.freezeUnderPressure || !isCritical(strain(), limits)) return
      const running = parts
        .jobs()
        .filter(({ state }) => !state.frozen && state.intent !== 'cancel' && state.sheets.some(isInFlight))
      const youngest = running.sort((a, b) => (b.state.startedAt ?? 0) - (a.state.startedAt ?? 0))[0]
      if (youngest) parts.freeze(youngest.state.id)
    },
  }
}

/** macOS counts memory as used that it would give away at once: there nothing can be said. */
export function freeMemoryPercent(): number | null {
  if (process.platform === 'darwin') return null
  const all = process.constrainedMemory() || totalmem()
  return (100 * process.availableMemory()) / Math.min(all, totalmem())
}
