import { cutIn } from './cuts.ts'
import { knownIn } from './formats.ts'
import { privateKeysIn } from './private-keys.ts'
import { covered, merged, type Span } from './span.ts'
import { formsOf, secretsOf } from './values.ts'

/** What stands in the place of a secret. */
export const GONE = '[REDACTED]'

const NONE: readonly string[] = []

/** Takes secrets out of a text. */
export type Redact = (text: string) => string

export interface Redactor {
  /**
   * The text without secrets: private keys, tokens of known services, authorization headers, passwords in addresses and in
   * assignments, and the values it was told. Of a secret that a cut (`…`) went through no half is left. Takes a time that
   * grows with the length and no faster.
   */
  readonly redact: Redact
  /**
   * The same for lines that belong together, such as of a log: a secret may go over several of them, each keeps its place.
   */
  redactLines(lines: readonly string[]): readonly string[]
  /** Where the secrets are, in order. `cutAtEnd`: what followed the text was left out. */
  secretsIn(text: string, cutAtEnd?: boolean): readonly Span[]
}

/**
 * @param environment its secret-looking values are taken out
 * @param kept further values; another list when there are others
 */
export function createRedactor(
  environment: Readonly<Record<string, string | undefined>>,
  kept: () => readonly string[] = () => NONE,
): Redactor {
  const inherited = secretsOf(environment)
  let known: { readonly from: readonly string[]; readonly values: Values } | null = null

  const values = (): Values => {
    const now = kept()
    if (known?.from !== now) known = { from: now, values: valuesOf([...inherited, ...now]) }
    return known.values
  }

  function* all(text: string, cutAtEnd: boolean): Generator<Span> {
    const { forms, pattern } = values()
    yield* privateKeysIn(text)
    yield* knownIn(text)
    if (pattern) for (const { 0: value, index } of text.matchAll(pattern)) yield { start: index, end: index + value.length }
    yield* cutIn(text, forms, cutAtEnd)
  }
  const secretsIn = (text: string, cutAtEnd = false): readonly Span[] => merged([...all(text, cutAtEnd)])

  return {
    secretsIn,
    redact: (text) => covered(text, secretsIn(text), () => GONE),
    redactLines(lines) {
      const text = lines.join('\n')
      return covered(text, secretsIn(text), (secret) => secret.replace(/[^\n]+/g, GONE)).split('\n')
    },
  }
}

interface Values {
  readonly forms: readonly string[]
  readonly pattern: RegExp | null
}

function valuesOf(secrets: readonly string[]): Values {
  // The longer first: one may begin with another.
  const forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length)
  const source = forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|')
  return { forms, pattern: forms.length > 0 ? new RegExp(source, 'g') : null }
}
