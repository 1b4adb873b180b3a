import type { Diagnostic } from '../../errors.ts'
import { finding } from '../finding.ts'
import { BUILT_IN_NAMES } from '../names.ts'
import type { Path, Place } from '../source.ts'
import type { Parts } from './parts.ts'
import { templateErrors, templateWarnings } from './template.ts'

export function* promptErrors({ score, prompt, source }: Parts): Generator<Diagnostic> {
  const { template, template_file: file } = prompt
  if (isGiven(template) && isGiven(file)) {
    const place = source.keyPlace(['prompt', 'template_file'])
    yield finding('V008', '`prompt` has both `template` and `template_file`.', 'Keep one of the two.', place)
  }
  const templates: readonly (readonly [Path, string | null | undefined])[] = [
    [['prompt', 'template'], template],
    ...(score.cross_sheet?.capture_files ?? []).map((path, index) => [['cross_sheet', 'capture_files', index], path] as const),
  ]
  for (const [path, text] of templates) {
    if (isGiven(text)) yield* templateErrors(text, (inside: Place) => source.insidePlace(path, inside))
  }
}

export function* promptWarnings({ prompt, source }: Parts): Generator<Diagnostic> {
  const { template, template_file: file, variables = {} } = prompt
  const names = Object.keys(variables)
  if (template === null && file === null) {
    const message = '`prompt` has neither `template` nor `template_file`; a default prompt that only names the items is used.'
    yield finding('V008', message, 'Add one of the two.', source.keyPlace(['prompt']), 'warning')
  }
  if (isGiven(template)) yield* templateWarnings(template, names, (inside) => source.insidePlace(['prompt', 'template'], inside))
  const path = ['prompt', 'variables']
  for (const name of names) {
    const place = () => source.keyPlace([...path, name])
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) {
      const remedy = 'Name it with letters, digits and `_`, not beginning with a digit.'
      yield finding('V101', `No template can use the variable \`${name}\`.`, remedy, place(), 'warning')
    } else if (BUILT_IN.has(name)) {
      const message = `The variable \`${name}\` is hidden by the built-in one of the same name.`
      yield finding('V208', message, 'Give it another name.', place(), 'warning')
    }
  }
  for (const { word, ...place } of source.oldBooleans(path)) {
    const remedy = 'Write `true` or `false`, or put it in quotes to mean the text.'
    yield finding('YAML_WORD', `\`${word}\` is a text here, not true or false.`, remedy, place, 'warning')
  }
}

const BUILT_IN: ReadonlySet<string> = new Set(BUILT_IN_NAMES)

function isGiven(text: string | null | undefined): text is string {
  return text !== null && text !== undefined
}
