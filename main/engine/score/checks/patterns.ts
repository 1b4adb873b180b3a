import type { Diagnostic } from '../../errors.ts'
import { nameOf } from '../explain.ts'
import { finding } from '../finding.ts'
import { compilePattern } from '../pattern.ts'
import type { Path } from '../source.ts'
import type { Parts } from './parts.ts'

/** Regular expressions that do not compile (Marianne V007). */
export function* patternErrors({ score, validations, source }: Parts): Generator<Diagnostic> {
  const patterns: readonly (readonly [Path, string])[] = [
    ...validations.flatMap((rule, index) =>
      rule?.type === 'content_regex' ? [[['validations', index, 'pattern'], rule.pattern] as const] : [],
    ),
    ...(score.rate_limit?.detection_patterns ?? []).map(
      (pattern, index) => [['rate_limit', 'detection_patterns', index], pattern] as const,
    ),
  ]
  for (const [path, pattern] of patterns) {
    const fault = faultOf(pattern)
    if (!fault) continue
    const remedy = 'Correct the pattern; in YAML, single quotes keep backslashes.'
    yield finding('V007', `\`${nameOf(path)}\` is not a regular expression: ${fault}.`, remedy, source.place(path))
  }
}

function faultOf(pattern: string): string | null {
  try {
    compilePattern(pattern)
    return null
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return error.message.replace(/^Invalid regular expression: (\/[\s\S]*\/\w*: )?/, '').toLowerCase()
  }
}
