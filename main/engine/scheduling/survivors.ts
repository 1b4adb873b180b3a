import type { AttemptOutcome, JobEvent, Survivor } from './state.ts'

/** What an attempt that ended so left running and could not be ended. */
export function survivorsOf({ survivors = [] }: AttemptOutcome): readonly Survivor[] {
  return survivors
}

/** The pids, as they stand in a sentence. */
export function pidsOf(survivors: readonly Survivor[]): string {
  return survivors.map(({ pid }) => pid).join(', ')
}

/** `known` and those of `more` that are not among them; `known` itself when there are none. */
export function joined(known: readonly Survivor[], more: readonly Survivor[]): readonly Survivor[] {
  const fresh = more.filter((one, at) => !has(known, one) && !has(more.slice(0, at), one))
  return fresh.length > 0 ? [...known, ...fresh] : known
}

/** What is known to survive after another try to end it; those that came up meanwhile stay. `known` itself when all is as it was. */
export function survivorsLeft(
  known: readonly Survivor[],
  { asked, left }: Extract<JobEvent, { type: 'survivors_ended' }>,
): readonly Survivor[] {
  const kept = known.filter((one) => has(left, one) || !has(asked, one))
  return joined(kept.length < known.length ? kept : known, left)
}

const has = (all: readonly Survivor[], one: Survivor): boolean =>
  all.some(({ pid, startTime }) => pid === one.pid && startTime === one.startTime)
