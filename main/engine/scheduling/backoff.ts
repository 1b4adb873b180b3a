import type { JobPolicy } from './state.ts'

/** A number in [0, 1) that depends on nothing but the key: jitter has to be the same when a decision is replayed. */
function unitHash(key: string): number {
  let hash = 2166136261
  for (let i = 0; i < key.length; i++) {
    hash ^= key.charCodeAt(i)
    hash = Math.imul(hash, 16777619)
  }
  // FNV alone leaves neighbouring keys close together: one round of mixing spreads them.
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507)
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32
}

/**
 * Delay in ms before the attempt that follows the n-th failure (Marianne §7.4): `min(base·exp^(n-1), max)`,
 * with jitter spread over 0.5–1.5 of it.
 *
 * @param failure which failure this was, from 1
 * @param key names the retry (job, sheet, attempt), so that jobs that failed together do not return together
 */
export function backoffMs(policy: JobPolicy, failure: number, key: string): number {
  // Never endless: nothing times endless would be not-a-number.
  const growth = Math.min(policy.exponentialBase ** (failure - 1), Number.MAX_VALUE)
  const delay = Math.min(policy.baseDelayMs * growth, policy.maxDelayMs)
  const factor = policy.jitter ? 0.5 + unitHash(key) : 1
  return Math.round(delay * factor)
}
