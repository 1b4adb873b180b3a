import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type YAMLParseError } from 'yaml'
import type { z } from 'zod'
import type { SourcePosition } from '../errors.ts'
import { closest } from '../score/suggest.ts'
import { type InstrumentProfile, instrumentProfile, keysWithoutEffect, profileKeys } from './profile.ts'

/** What keeps a profile from being used, and what to do about it. */
export interface ProfileProblem extends SourcePosition {
  readonly message: string
  readonly remedy: string | null
}

/** What its user should know of a profile that can be used. */
export interface ProfileNote extends ProfileProblem {
  readonly severity: 'info' | 'warning'
}

export type ProfileReading =
  | { readonly profile: InstrumentProfile; readonly notes: readonly ProfileNote[] }
  /** `name` is the one the profile gives itself, where that much can be read. */
  | { readonly problems: readonly ProfileProblem[]; readonly name: string | null }

type Path = readonly PropertyKey[]

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
  if (result.success) {
    const notes = keysWithoutEffect.flatMap(({ path, severity, message }) =>
      keyOffsets(document, path).map((offset) => ({ ...at(offset), severity, message, remedy: null })),
    )
    return { profile: result.data, notes }
  }

  const name = document.getIn(['name'])
  const called = typeof name === 'string' ? name : null
  const { issues } = result.error
  // Of a profile for something else every key is wrong, and only one thing is worth saying.
  const ofOtherKind =
    document.getIn(['kind']) === 'http' ? issues.filter(({ path }) => path[0] !== 'cli' || document.hasIn(['cli'])) : issues
  const problems = ofOtherKind.flatMap((issue): ProfileProblem[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ ...at(offsetOfKey(document, issue.path, key)), ...aboutKey(issue.path, key) }))
      : [{ ...at(offsetOf(document, issue.path)), ...aboutValue(issue, document.getIn(issue.path)) }],
  )
  return { problems, name: called }
}

/** Offset of a value, or of the nearest section around it that is there. */
function offsetOf(document: Document, path: Path): number {
  const node = document.getIn(path, true)
  if (isNode(node) && node.range) return node.range[0]
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1))
}

function offsetOfKey(document: Document, path: Path, key: string): number {
  const section = path.length === 0 ? document.contents : document.getIn(path, true)
  const pair = isMap(section) ? section.items.find((item) => isScalar(item.key) && String(item.key.value) === key) : undefined
  return isScalar(pair?.key) && pair.key.range ? pair.key.range[0] : offsetOf(document, path)
}

/** Where a key stands in the document, maybe in several entries of a list. */
function keyOffsets(document: Document, path: readonly string[], done: Path = []): number[] {
  const [step, ...rest] = path
  if (step === undefined) return []
  if (step === '*') {
    const list: unknown = document.getIn(done)
    const { length } = isNode(list) && 'items' in list && Array.isArray(list.items) ? list.items : []
    return Array.from({ length }, (_, index) => keyOffsets(document, rest, [...done, index])).flat()
  }
  // Nothing, or Marianne's `null`: nobody asked for anything.
  if ((document.getIn([...done, step]) ?? null) === null) return []
  return rest.length === 0 ? [offsetOfKey(document, done, step)] : keyOffsets(document, rest, [...done, step])
}

function messageOf(error: YAMLParseError): string {
  // The library's own words for this one are for programmers.
  return error.code === 'MULTIPLE_DOCS' ? 'A profile is one document; this file holds several.' : `${error.message}.`
}

function aboutKey(path: Path, key: string): Pick<ProfileProblem, 'message' | 'remedy'> {
  const section = path.filter((step) => typeof step === 'string').join('.')
  const keys = profileKeys[section] ?? []
  const near = closest(key, keys)
  const place = section === '' ? 'a profile' : `\`${section}\``
  return {
    message: `\`${key}\` is not a key of ${place}.`,
    remedy: near === null ? `Use one of: ${keys.join(', ')}.` : `Did you mean \`${near}\`?`,
  }
}

function aboutValue(issue: z.core.$ZodIssue, value: unknown): Pick<ProfileProblem, 'message' | 'remedy'> {
  const path = issue.path.join('.')
  if (path === '') return { message: 'A profile is a mapping of keys, such as `name` and `cli`.', remedy: null }
  if (value === undefined && issue.code === 'invalid_type') return { message: `\`${path}\` is missing.`, remedy: null }
  if (path === 'kind') {
    return {
      message: `\`kind\` ${issue.message}.`,
      remedy: 'Use an instrument that wraps a program, such as claude-code or opencode.',
    }
  }
  const inner = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined
  return { message: `\`${path}\`: ${inner ?? issue.message}`, remedy: null }
}
