import type { Diagnostic } from '../../errors.ts'
import { finding } from '../finding.ts'
import { positionOf } from '../jinja/failure.ts'
import { BUILT_IN_NAMES, undefinedNames } from '../names.ts'
import type { Place } from '../source.ts'
import { closest } from '../suggest.ts'
import { checkTemplate } from '../template.ts'

/** Longer ones take seconds to read; no model could take the prompt anyway. */
const LONGEST_TEMPLATE = 512 * 1024

/** What is wrong with a template's syntax (Marianne V001); `place` says where a place of its text stands in the file. */
export function* templateErrors(text: string, place: (inside: Place) => Place): Generator<Diagnostic> {
  if (text.length > LONGEST_TEMPLATE) {
    const message = `The template has ${text.length} characters; it may have ${LONGEST_TEMPLATE}.`
    yield finding('V001', message, 'Move long texts into files under `sheet.prelude`.', place({ line: 1, column: 1 }))
    return
  }
  const fault = checkTemplate(text)
  if (!fault) return
  yield finding('V001', `The template is not valid: ${fault.message}`, 'Correct the template at this place.', place(fault))
}

/** Names nobody gives (Marianne V101), and placeholders of the kind that paths have (V202), in a template that is valid. */
export function* templateWarnings(
  text: string,
  variables: readonly string[],
  place: (inside: Place) => Place,
): Generator<Diagnostic> {
  if (text.length > LONGEST_TEMPLATE) return
  const given = [...BUILT_IN_NAMES, ...variables]
  for (const { name, ...inside } of undefinedNames(text, variables)) {
    const near = closest(name, given)
    const remedy = near ? `Did you mean \`${near}\`?` : 'Add it to `prompt.variables`, or give a fallback with `| default(…)`.'
    yield finding('V101', `The template uses \`${name}\`, which nothing defines.`, remedy, place(inside), 'warning')
  }
  const names = new Set<string>(given)
  for (const { 1: name = '', index } of text.matchAll(/(?<![{$\w])\{(\w+)\}(?!\})/g)) {
    if (!names.has(name)) continue
    const message = `\`{${name}}\` stays as it is in a template.`
    yield finding('V202', message, `Write \`{{ ${name} }}\` for its value.`, place(positionOf(text, index)), 'warning')
  }
}
