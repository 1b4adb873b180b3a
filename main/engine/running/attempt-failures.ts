import { FermataError } from '../errors.ts'
import type { AttemptOutcome, Survivor } from '../scheduling/state.ts'
import { pidsOf } from '../scheduling/survivors.ts'

/** An attempt that did not work. */
export const failure = (code: string, message: string, retriable: boolean): AttemptOutcome => ({
  kind: 'failed',
  error: { code, message },
  retriable,
  validation: null,
})

/** The same, with what it left running: that cannot be left beside another try. */
export function leaving(outcome: AttemptOutcome, survivors: readonly Survivor[]): AttemptOutcome {
  if (survivors.length === 0 || outcome.kind === 'succeeded') return outcome
  if (outcome.kind !== 'failed') return { ...outcome, survivors }
  const message = `${outcome.error.message}; process ${pidsOf(survivors)} could not be ended and still runs`
  return { ...outcome, error: { ...outcome.error, message }, retriable: false, survivors }
}

/** It was ended when its time was up. */
export const tookTooLong = (seconds: number, survivors: readonly Survivor[]): AttemptOutcome =>
  leaving(failure('E001', `Took longer than ${seconds} s and was stopped`, true), survivors)

/** It was ended because it printed nothing. */
export const wasSilent = (seconds: number, survivors: readonly Survivor[]): AttemptOutcome =>
  leaving(failure('E006', `Printed nothing for ${seconds} s and was stopped`, true), survivors)

/** Marianne §6.5: an instrument that is not there, a prompt that is not sent, and everything else about the score. */
export function codeOf(error: unknown): string {
  if (isPassing(error)) return 'E402'
  if (!(error instanceof FermataError)) return 'E301'
  if (error.code.startsWith('INSTRUMENT_')) return 'E505'
  return error.code.startsWith('PREFLIGHT_') ? 'E601' : 'E301'
}

/** The computer was short of something just now: trying again may help (Marianne §6.5: E402). */
const PASSING: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM', 'EBUSY'])

export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && PASSING.has(error.code)) || isPassing(error.cause)
}

/** Says what went wrong and what to do, in one line. */
export function inOneLine(error: unknown): string {
  if (error instanceof FermataError) return error.remedy ? `${error.message} ${error.remedy}` : error.message
  return error instanceof Error ? error.message : String(error)
}
