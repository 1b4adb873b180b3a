import { isMap, isNode, isScalar, LineCounter, parseDocument, type YAMLParseError } from 'yaml'
import type { z } from 'zod'
import type { SourcePosition } from '../errors.ts'
import { closest } from '../score/suggest.ts'
import { type InstrumentProfile, instrumentProfile, profileKeys, unbuiltProfileKeys } from './profile.ts'

/** What keeps a profile from being used, and what to do about it. */
export interface ProfileProblem extends SourcePosition {
  readonly message: string
  readonly remedy: string | null
}

export type ProfileReading =
  | { readonly profile: InstrumentProfile }
  /** `name` is the one the profile gives itself, where that much can be read. */
  | { readonly problems: readonly ProfileProblem[]; readonly name: string | null }

/** Reads one profile; whatever the text holds, it answers and does not throw. `file` is for messages only. */
export function readProfile(text: string, file: string): ProfileReading {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({ ...at(error.pos[0]), message: messageOf(error), remedy: null }))
    return { problems, name: null }
  }

  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    return { problems: [{ ...at(0), message: error instanceof Error ? error.message : String(error), remedy: null }], name: null }
  }
  const result = instrumentProfile.safeParse(value)
  if (result.success) return { profile: result.data }

  /** Offset of a value, or of the nearest section around it that is there. */
  const offsetOf = (path: readonly PropertyKey[]): number => {
    const node = document.getIn(path, true)
    if (isNode(node) && node.range) return node.range[0]
    return path.length === 0 ? 0 : offsetOf(path.slice(0, -1))
  }
  const offsetOfKey = (path: readonly PropertyKey[], key: string): number => {
    const section = path.length === 0 ? document.contents : document.getIn(path, true)
    const pair = isMap(section) ? section.items.find((item) => isScalar(item.key) && String(item.key.value) === key) : undefined
    return isScalar(pair?.key) && pair.key.range ? pair.key.range[0] : offsetOf(path)
  }
  const problems = result.error.issues.flatMap((issue): ProfileProblem[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ ...at(offsetOfKey(issue.path, key)), ...aboutKey(issue.path.join('.'), key) }))
      : [{ ...at(offsetOf(issue.path)), message: sentenceOf(issue, document.getIn(issue.path)), remedy: null }],
  )
  const name = document.getIn(['name'])
  return { problems, name: typeof name === 'string' ? name : null }
}

function messageOf(error: YAMLParseError): string {
  // The library's own words for this one are for programmers.
  return error.code === 'MULTIPLE_DOCS' ? 'A profile is one document; this file holds several.' : `${error.message}.`
}

function aboutKey(section: string, key: string): Pick<ProfileProblem, 'message' | 'remedy'> {
  if (unbuiltProfileKeys.has(key)) {
    return {
      message: `\`${key}\` is part of the profile language, but this version does not support it yet.`,
      remedy: 'Remove the key; what it asks for would not happen.',
    }
  }
  const keys = profileKeys[section] ?? []
  const near = closest(key, keys)
  const place = section === '' ? 'a profile' : `\`${section}\``
  return {
    message: `\`${key}\` is not a key of ${place}.`,
    remedy: near === null ? `Use one of: ${keys.join(', ')}.` : `Did you mean \`${near}\`?`,
  }
}

function sentenceOf(issue: z.core.$ZodIssue, value: unknown): string {
  const path = issue.path.join('.')
  if (path === '') return 'A profile is a mapping of keys, such as `name` and `cli`.'
  if (value === undefined && issue.code === 'invalid_type') return `\`${path}\` is missing.`
  const inner = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined
  return `\`${path}\`: ${inner ?? issue.message}`
}
