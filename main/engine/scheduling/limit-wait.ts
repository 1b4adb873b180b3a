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
