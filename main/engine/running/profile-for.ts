import type { Catalogue } from '../instruments/catalogue.ts'
import type { InstrumentProfile } from '../instruments/profile.ts'
import type { Score } from '../score/score.ts'

/** The pattern, or nothing where it does not compile: the score's author was told when it was submitted. */
function compiled(pattern: string): RegExp[] {
  try {
    return [new RegExp(pattern, 'iu')]
  } catch {
    return []
  }
}

/**
 * The instrument's profile, with the score's own ways to tell a rate limit (`rate_limit.detection_patterns`).
 * @throws JobSubmissionError when there is none of this name, or it is broken
 */
export function profileFor(catalogue: Catalogue, score: Score, instrument: string): InstrumentProfile {
  const profile = catalogue.get(instrument)
  const more = score.rate_limit.detection_patterns.flatMap(compiled)
  if (more.length === 0) return profile
  const { errors } = profile.cli
  return {
    ...profile,
    cli: { ...profile.cli, errors: { ...errors, rate_limit_patterns: [...errors.rate_limit_patterns, ...more] } },
  }
}
