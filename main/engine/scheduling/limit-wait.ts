import type { SheetState } from './state.ts'

const SHORTEST_MS = 1000
const LONGEST_MS = 7 * 24 * 3_600_000

/**
 * When an instrument that met a limit may be used again (epoch ms), whatever time it named: never in the past, where trying
 * again would spin, and never farther away than a week (Marianne §6.3: not-a-number, endless and negative waits are clamped).
 */
export function limitEnd(resetAt: number | null, defaultWaitMs: number, now: number): number {
  const named = resetAt === null || Number.isNaN(resetAt) ? now + defaultWaitMs : resetAt
  return Math.min(Math.max(named, now + SHORTEST_MS), now + LONGEST_MS)
}

/** It wants a login that only its user can make. */
export const waitsForLogin = ({ status, error }: Pick<SheetState, 'status' | 'error'>): boolean =>
  status === 'waiting' && error?.code === 'E502'

/** @param why in the instrument's own words */
export const refusedReason = (instrument: string, why: string): string =>
  `Waiting for you: ${why.replace(/\.$/, '')}. Log in, then let ${instrument} try again on the Instruments page`

export const heldLimitReason = (instrument: string): string => `Waiting for ${instrument} (rate limit) until you let it go on`
