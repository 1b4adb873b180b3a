import type { PlannedSheet, Score, ValidationRule } from '../score/score.ts'
import { renderTemplate } from '../score/template.ts'
import { fillPath } from './validations/placeholders.ts'
import { sheetVariables } from './variables.ts'

function requirement(rule: ValidationRule, variables: Record<string, unknown>): string {
  if (rule.description !== null) return rule.description
  switch (rule.type) {
    case 'file_exists':
      return `The file ${fillPath(rule.path, variables)} exists.`
    case 'file_modified':
      return `The file ${fillPath(rule.path, variables)} was changed.`
    case 'content_contains':
      return `The file ${fillPath(rule.path, variables)} contains "${rule.pattern}".`
    case 'content_regex':
      return `The file ${fillPath(rule.path, variables)} matches the regular expression ${rule.pattern}`
    case 'command_succeeds':
      return `This command succeeds: ${rule.command}`
  }
}

/**
 * The prompt of one attempt (Marianne §7.12): where the agent is, the rendered template, and what will be checked.
 * Instruments that take a raw prompt get the rendered template alone.
 *
 * @param failures attempts of this sheet that failed before
 * @throws TemplateError when the template names something that does not exist
 */
export function buildPrompt(
  score: Score,
  sheet: PlannedSheet,
  options: { totalSheets: number; failures: number; lastError: string | null; raw: boolean },
): string {
  const variables = sheetVariables(score, sheet, options.totalSheets)
  const task = renderTemplate(score.prompt.template, variables)
  if (options.raw) return task
  const retry =
    options.failures > 0
      ? `\nThis sheet was tried before and failed${options.lastError ? `: ${options.lastError}` : ''}. Do it right this time.`
      : ''
  const preamble = `You play sheet ${sheet.number} of ${options.totalSheets} of "${score.name}". Work in ${score.workspace}.${retry}`
  const checks = score.validations.map((rule) => `- ${requirement(rule, variables)}`)
  const closing = checks.length > 0 ? `\n\nThe sheet counts as done when all of this holds:\n${checks.join('\n')}` : ''
  return `${preamble}\n\n${task.trimEnd()}${closing}\n`
}
