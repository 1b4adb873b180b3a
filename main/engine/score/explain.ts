import type { z } from 'zod'
import type { Diagnostic } from '../errors.ts'
import { type Section, sectionAt, UNBUILT_KEYS } from './language.ts'
import { KNOWN_KEYS, keysOfKind, VALIDATION_KINDS } from './schema.ts'
import type { Path, Place, YamlSource } from './source.ts'
import { closest } from './suggest.ts'

type Issue = z.core.$ZodIssue

/** Turns what the schema found into what a person can act on: which key, where, what is wrong and what to write instead. */
export function explain(issue: Issue, value: unknown, source: YamlSource): Diagnostic[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(issue.path, key, value, source))
  if (issue.path.length === 0) {
    return [
      error(
        'SCORE_SHAPE',
        'A score is a mapping of keys such as `name:` and `sheet:`.',
        'Write it as `key: value` lines.',
        source.place([]),
      ),
    ]
  }
  const name = nameOf(issue.path)
  const given = valueAt(value, issue.path)
  if (given === undefined) return [missing(issue.path, name, value, source)]
  if (issue.code === 'invalid_union' && issue.path.at(-1) === 'type') return [unknownKind(name, given, source.place(issue.path))]
  return [
    error(
      'SCORE_VALUE',
      `\`${name}\` must be ${issue.message}, not ${shown(given)}.`,
      remedyFor(issue.message),
      source.place(issue.path),
    ),
  ]
}

function error(code: string, message: string, remedy: string, { line, column }: Place): Diagnostic {
  return { code, severity: 'error', message, remedy, line, column }
}

function unknownKey(path: Path, key: string, value: unknown, source: YamlSource): Diagnostic {
  const place = source.keyPlace([...path, key])
  const name = nameOf([...path, key])
  const section = sectionAt(path)
  if (section && UNBUILT_KEYS[section].includes(key)) {
    return error(
      'KEY_NOT_BUILT',
      `\`${name}\` is part of the score language, but this version does not support it yet.`,
      'Remove the key, or wait for a version that supports it.',
      place,
    )
  }
  const kind = section === 'validation' ? kindAt(value, path) : null
  if (kind && KNOWN_KEYS.validation.includes(key)) {
    return error(
      'KEY_UNKNOWN',
      `\`${key}\` has no meaning in a \`${kind}\` check.`,
      `Remove it; a \`${kind}\` check has ${list(keysOfKind(kind))}.`,
      place,
    )
  }
  return error('KEY_UNKNOWN', `\`${name}\` is not a key of the score language.`, suggestion(section, key, kind), place)
}

function suggestion(section: Section | null, key: string, kind: string | null): string {
  if (!section) return 'Remove it.'
  const known = kind ? keysOfKind(kind) : KNOWN_KEYS[section]
  const near = closest(key, known) ?? closest(key, UNBUILT_KEYS[section])
  return near ? `Did you mean \`${near}\`?` : `Remove it; known here are ${list(known)}.`
}

const EXAMPLES: Readonly<Record<string, string>> = {
  name: '`name: my-score`',
  instrument:
    '`instrument: rehearsal` to try without an account, `instrument: cli` for shell commands, or `instrument: claude-code`',
  sheet: '`sheet:` with `size:` and `total_items:`',
  prompt: '`prompt:` with `template:` or `template_file:`',
  'sheet.size': '`size: 1` under `sheet`, the number of items a sheet works on',
  'sheet.total_items': '`total_items: 4` under `sheet`, the number of items in all',
}

function missing(path: Path, name: string, value: unknown, source: YamlSource): Diagnostic {
  const parent = path.slice(0, -1)
  const kind = sectionAt(parent) === 'validation' ? kindAt(value, parent) : null
  const place = parent.length === 1 ? source.keyPlace(parent) : source.place(parent)
  if (path.at(-1) === 'type')
    return error(
      'V008',
      `\`${nameOf(parent)}\` does not say its \`type\`.`,
      `Add \`type:\` with one of ${list(VALIDATION_KINDS)}.`,
      place,
    )
  if (kind)
    return error('V008', `A \`${kind}\` check needs \`${String(path.at(-1))}\`.`, `Add \`${String(path.at(-1))}:\` to it.`, place)
  return error('KEY_MISSING', `\`${name}\` is missing.`, `Add ${EXAMPLES[name] ?? `\`${String(path.at(-1))}:\``}.`, place)
}

function unknownKind(name: string, given: unknown, place: Place): Diagnostic {
  const near = typeof given === 'string' ? closest(given, VALIDATION_KINDS) : null
  const remedy = near ? `Did you mean \`${near}\`?` : `Use one of ${list(VALIDATION_KINDS)}.`
  return error('V008', `\`${name}\` must be a kind of check, not ${shown(given)}.`, remedy, place)
}

function remedyFor(expected: string): string {
  return expected === 'a text' ? 'Put it in quotes.' : `Write ${expected} here.`
}

function kindAt(value: unknown, path: Path): string | null {
  const kind = valueAt(value, [...path, 'type'])
  return typeof kind === 'string' && keysOfKind(kind).length > 0 ? kind : null
}

/** The value at a path of plain objects and lists; undefined when there is none. */
function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined
    return (inner as Record<PropertyKey, unknown>)[step]
  }, value)
}

/** A path as people write it: `validations[0].path`. */
export function nameOf(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : (index > 0 ? '.' : '') + String(step))).join('')
}

function shown(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  const text = typeof value === 'string' ? `"${value}"` : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function list(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`
}
