import type { z } from 'zod'
import type { Diagnostic } from '../errors.ts'
import { finding, wordList } from './finding.ts'
import { keysAt, keysOfAnyKind, kindsAt, valueAt } from './language.ts'
import type { Path, YamlSource } from './source.ts'
import { closest } from './suggest.ts'

type Issue = z.core.$ZodIssue

/** Turns what the schema found into what a person can act on: which key, where, what is wrong and what to write instead. */
export function* explain(issue: Issue, value: unknown, source: YamlSource): Generator<Diagnostic> {
  const { path } = issue
  const given = valueAt(value, path)
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) yield unknownKey(path, key, value, source)
  } else if (issue.code === 'invalid_key') yield wrongKey(issue, source)
  else if (path.length === 0) {
    const message = 'A score is a mapping of keys such as `name:` and `sheet:`.'
    yield finding('SCORE_SHAPE', message, 'Write it as `key: value` lines.', source.place([]))
  } else if (given === undefined) yield missing(path, value, source)
  else if (issue.code === 'invalid_union' && path.at(-1) === 'type') yield unknownKind(path, given, value, source)
  else {
    const { message, remedy } = explainValue(issue, path, given)
    yield finding('SCORE_VALUE', message, remedy, source.place(path))
  }
}

/** What is wrong with a value that is of no use where it stands. */
export function explainValue(issue: Issue, path: Path, given: unknown): { message: string; remedy: string } {
  const not = issue.message.startsWith(shown(given)) ? '' : `, not ${shown(given)}`
  return { message: `\`${nameOf(path)}\` must be ${issue.message}${not}.`, remedy: remedyFor(issue, given) }
}

function unknownKey(path: Path, key: string, value: unknown, source: YamlSource): Diagnostic {
  const place = source.keyPlace([...path, key])
  const known = keysAt(path, value)
  const kind = kindsAt(path, value)?.chosen
  if (kind && known && keysOfAnyKind(path, value).includes(key)) {
    const thing = `\`${kind}\` ${nounAt(path)}`
    const remedy = `Remove it; a ${thing} has ${wordList(known)}.`
    return finding('KEY_UNKNOWN', `\`${key}\` has no meaning in a ${thing}.`, remedy, place)
  }
  const message = `\`${nameOf([...path, key])}\` is not a key of the score language.`
  const near = closest(key, known ?? [])
  const remedy = near ? `Did you mean \`${near}\`?` : known ? `Remove it; known here are ${wordList(known)}.` : 'Remove it.'
  return finding('KEY_UNKNOWN', message, remedy, place)
}

/** The key of a mapping by number, or by a name of the author's own. */
function wrongKey(issue: z.core.$ZodIssueInvalidElement | z.core.$ZodIssueInvalidKey, source: YamlSource): Diagnostic {
  const expected = issue.issues[0]?.message ?? 'a name'
  const message = `A key of \`${nameOf(issue.path.slice(0, -1))}\` must be ${expected}, not ${shown(issue.path.at(-1))}.`
  return finding('SCORE_VALUE', message, `Write ${expected} as the key.`, source.keyPlace(issue.path))
}

const EXAMPLES: Readonly<Record<string, string>> = {
  name: '`name: my-score`',
  sheet: '`sheet:` with `size:` and `total_items:`',
  prompt: '`prompt:` with `template:` or `template_file:`',
  'sheet.size': '`size: 1` under `sheet`, the number of items a sheet works on',
  'sheet.total_items': '`total_items: 4` under `sheet`, the number of items in all',
}

function missing(path: Path, value: unknown, source: YamlSource): Diagnostic {
  const name = nameOf(path)
  const key = String(path.at(-1))
  const parent = path.slice(0, -1)
  const place = parent.length === 1 ? source.keyPlace(parent) : source.place(parent)
  const entry = kindsAt(parent, value)
  if (entry && key === 'type') {
    const remedy = `Add \`type:\` with one of ${wordList(entry.kinds)}.`
    return finding('V008', `\`${nameOf(parent)}\` does not say its \`type\`.`, remedy, place)
  }
  if (entry?.chosen) {
    return finding('V008', `A \`${entry.chosen}\` ${nounAt(parent)} needs \`${key}\`.`, `Add \`${key}:\` to it.`, place)
  }
  return finding('KEY_MISSING', `\`${name}\` is missing.`, `Add ${EXAMPLES[name] ?? `\`${key}:\``}.`, place)
}

function unknownKind(path: Path, given: unknown, value: unknown, source: YamlSource): Diagnostic {
  const parent = path.slice(0, -1)
  const kinds = kindsAt(parent, value)?.kinds ?? []
  const near = typeof given === 'string' ? closest(given, kinds) : null
  const remedy = near ? `Did you mean \`${near}\`?` : `Use one of ${wordList(kinds)}.`
  const message = `\`${nameOf(path)}\` must be a kind of ${nounAt(parent)}, not ${shown(given)}.`
  return finding('V008', message, remedy, source.place(path))
}

const nounAt = (path: Path) => (path[0] === 'on_success' ? 'hook' : 'check')

function remedyFor(issue: Issue, given: unknown): string {
  const words = issue.code === 'invalid_value' ? issue.values.filter((word) => typeof word === 'string') : []
  const near = typeof given === 'string' ? closest(given, words) : null
  if (near) return `Did you mean \`${near}\`?`
  return issue.message === 'a text' ? 'Put it in quotes.' : `Write ${issue.message} here.`
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
