import type { Diagnostic } from '../../errors.ts'
import { parseCondition } from '../condition.ts'
import { nameOf } from '../explain.ts'
import { finding } from '../finding.ts'
import { BUILT_IN_NAMES } from '../names.ts'
import type { ValidationRule } from '../schema/validation.ts'
import type { Path } from '../source.ts'
import { closest } from '../suggest.ts'
import type { Parts } from './parts.ts'

/** What checks will surprise with (Marianne V106, V201, V203, V205, §7.7). */
export function* validationRemarks(parts: Parts): Generator<Diagnostic> {
  const { validations, source } = parts
  for (const [index, rule] of validations.entries()) {
    if (!rule) continue
    const path = ['validations', index]
    yield* bracketWarnings(rule, path, parts)
    if ('pattern' in rule && rule.pattern === '') {
      const message = `\`${nameOf([...path, 'pattern'])}\` is empty: every file that exists has it.`
      yield finding(
        'V106',
        message,
        'Write what to look for, or use `file_exists`.',
        source.place([...path, 'pattern']),
        'warning',
      )
    }
    if (rule.condition !== null) yield* conditionWarnings(rule.condition, [...path, 'condition'], parts)
  }
  if (validations.length === 0) {
    const message = 'The score has no `validations`: a sheet counts as done when its instrument says so.'
    yield finding('V203', message, 'Add checks of what a sheet has to leave behind.', source.keyPlace(['validations']), 'info')
  } else if (validations.every((rule) => rule?.type === 'file_exists')) {
    const message = 'All checks only ask whether a file exists; an empty one from an earlier run would do.'
    const remedy = 'Add one of what is in it, such as `content_contains`.'
    yield finding('V205', message, remedy, source.keyPlace(['validations']), 'info')
  }
}

/** Double brackets of one name, as templates have them. */
const IN_DOUBLE_BRACKETS = /\{\{\s*([A-Za-z_]\w*)\s*\}\}/g

/** Brackets of templates where only single ones are filled. In a command they may be the program's own, such as `{{.Name}}`. */
function* bracketWarnings(rule: ValidationRule, path: Path, parts: Parts): Generator<Diagnostic> {
  if ('path' in rule && rule.path.includes('{{')) {
    const message = `\`${nameOf([...path, 'path'])}\` has \`{{ }}\`, which only templates understand.`
    const remedy = 'Write `{sheet_num}` with single brackets in paths.'
    yield finding('V201', message, remedy, parts.source.place([...path, 'path']), 'warning')
  }
  if (!('command' in rule)) return
  const names = namesOf(parts)
  for (const [brackets, name = ''] of rule.command.matchAll(IN_DOUBLE_BRACKETS)) {
    if (!names.includes(name)) continue
    const message = `\`${nameOf([...path, 'command'])}\` has \`${brackets}\`, which only templates understand.`
    const remedy = `Write \`{${name}}\` with single brackets in commands.`
    yield finding('V201', message, remedy, parts.source.place([...path, 'command']), 'warning')
    return
  }
}

/** What checks may name. */
const namesOf = ({ prompt }: Parts): readonly string[] => [...BUILT_IN_NAMES, ...Object.keys(prompt.variables ?? {})]

function* conditionWarnings(text: string, path: Path, parts: Parts): Generator<Diagnostic> {
  const { source } = parts
  const condition = parseCondition(text)
  if (!condition) {
    const message = `\`${nameOf(path)}\` cannot be read, so the check is always made.`
    const remedy = 'Write comparisons with whole numbers, joined by `and`: `stage >= 2 and voice == 1`.'
    yield finding('CONDITION', message, remedy, source.place(path), 'warning')
  }
  const names = namesOf(parts)
  for (const { variable } of condition ?? []) {
    if (names.includes(variable)) continue
    const near = closest(variable, names)
    const message = `\`${nameOf(path)}\` names \`${variable}\`, which nothing defines, so the check is always made.`
    const remedy = near ? `Did you mean \`${near}\`?` : 'Add it to `prompt.variables`, or correct the name.'
    yield finding('CONDITION', message, remedy, source.place(path), 'warning')
  }
}
