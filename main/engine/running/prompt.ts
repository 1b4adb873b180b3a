import type { CommonFailure } from '../learning/sheet-forecast.ts'
import type { SheetState } from '../scheduling/state.ts'
import type { Plan, PlannedSheet, Score, ValidationRule } from '../score/score.ts'
import { renderTemplate } from '../score/template.ts'
import { rulesFor } from './validations/applies.ts'
import { heldRules, requirement } from './validations/requirements.ts'
import { type Shared, sheetVariables } from './variables.ts'

type Variables = Record<string, unknown>

interface PromptRequest {
  readonly score: Score
  readonly plan: Plan
  readonly sheet: PlannedSheet
  readonly state: SheetState
  /** Name of the profile the sheet is played on now. */
  readonly instrument: string
  /** The instrument takes the rendered template and nothing else. */
  readonly raw: boolean
  readonly shared: Shared
  /** How the sheet failed in earlier runs; empty unless its score wants it. */
  readonly pastFailures: readonly CommonFailure[]
}

export interface Prompt {
  /** What is sent. */
  readonly prompt: string
  /** The rendered template alone. */
  readonly template: string
}

const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** Where the agent is, and whether it was here before: one paragraph, so that it can be told from the task. */
function preamble({ score, plan, sheet, state }: PromptRequest, checked: boolean): string {
  const named = inOneLine([sheet.movementName, sheet.description].filter((name) => name !== null && name !== '').join(': '))
  const voice = sheet.voices > 1 ? ` It is voice ${sheet.voice} of ${sheet.voices}, which run side by side.` : ''
  const lines = [
    `You play sheet ${sheet.number} of ${plan.sheets.length} of "${inOneLine(score.name)}"${named ? ` (${named})` : ''}.${voice}`,
    `Workspace: ${score.workspace}`,
    checked
      ? 'Success: everything that is asked for here is done, and the requirements at the end hold. They are checked.'
      : 'Success: everything that is asked for here is done.',
  ]
  if (state.mode === 'normal' && state.failures > 0) {
    const why = state.error === null ? '' : ` Last time: ${inOneLine(state.error.message)}`
    lines.push(`RETRY: this sheet has failed ${state.failures === 1 ? 'once' : `${state.failures} times`} before.${why}`)
  }
  return lines.join('\n')
}

const section = (title: string, texts: readonly string[]): string[] =>
  texts.length === 0 ? [] : [`## ${title}\n\n${texts.map((text) => text.trim()).join('\n\n')}`]

/** Whether a template shows this itself, or asks for it: then it is not said a second time. */
const uses = (template: string, name: string): boolean =>
  [...template.matchAll(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g)].some(([tag]) => new RegExp(`\\b${name}\\b`).test(tag))

const listed = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n')

/** How the sheet failed in earlier runs; each message on one line, for it may be a program's. */
function pastFailures({ pastFailures: failures }: PromptRequest): string[] {
  if (failures.length === 0) return []
  const times = (count: number) => (count === 1 ? '' : ` (${count} times)`)
  const told = failures.map(({ message, count }) => `${inOneLine(message)}${times(count)}`)
  return section('Past failures', [
    `Earlier attempts at this part failed like this. Make sure that it does not happen again:\n${listed(told)}`,
  ])
}

/** What is left to do, where the last attempt did a part of it. */
function completionSuffix({ state }: PromptRequest, due: readonly ValidationRule[], variables: Variables): string[] {
  const last = state.validation
  if (state.mode !== 'completion' || last === null) return []
  const held = heldRules(due, variables, last)
  const holding =
    held === null || held.length === 0
      ? `${last.passed} of ${last.total} requirements hold.`
      : `${last.passed} of ${last.total} requirements hold:\n${listed(held.map((rule) => requirement(rule, variables)))}`
  const unmade = last.skipped > 0 ? `\n${last.skipped} more were not checked yet; they come after these.` : ''
  return [
    `## Complete the work

An earlier attempt did a part of this sheet. Do not start over: keep what is there and finish what is missing.

${holding}

These do not hold yet:
${listed(last.failures)}${unmade}`,
  ]
}

/**
 * The prompt of the sheet's next attempt (Marianne §7.12), in this order: where the agent is, skills, tools, context, the
 * rendered template, what is at stake and how to think (unless the template shows them), how it failed before, what will be
 * checked, and in completion mode what holds already and what does not. Instruments that take a raw prompt get the rendered template alone.
 *
 * @throws TemplateError when the template names something that does not exist; FermataError when a path of a check does
 */
export function buildPrompt(request: PromptRequest): Prompt {
  const { score, shared, raw } = request
  const variables = sheetVariables(request)
  const template = renderTemplate(score.prompt.template, variables)
  if (raw) return { prompt: template, template }
  const { stakes, thinking_method: method, template: source } = score.prompt
  const due = rulesFor(score.validations, variables)
  const parts = [
    preamble(request, due.length > 0),
    ...section('Skills', shared.skills),
    ...section('Tools', shared.tools),
    ...section('Context', shared.context),
    template.trim(),
    ...section('What is at stake', stakes?.trim() && !uses(source, 'stakes') ? [stakes] : []),
    ...section('How to think about it', method?.trim() && !uses(source, 'thinking_method') ? [method] : []),
    ...pastFailures(request),
    ...section('Requirements', due.length > 0 ? [listed(due.map((rule) => requirement(rule, variables)))] : []),
    ...completionSuffix(request, due, variables),
  ]
  return { prompt: `${parts.filter((part) => part !== '').join('\n\n')}\n`, template }
}
