import type { ValidationSummary } from '../../scheduling/state.ts'
import type { ValidationRule } from '../../score/score.ts'
import { fillCommand, fillPath } from './placeholders.ts'

type Variables = Record<string, unknown>

/** What has to hold, as a sentence for whoever does the work. A description is the author's own sentence; the facts follow it. */
export function requirement(rule: ValidationRule, variables: Variables): string {
  const facts = factsOf(rule, variables)
  return rule.description === null ? facts : `${rule.description.replace(/[.\s]+$/, '')}. ${facts}`
}

function factsOf(rule: ValidationRule, variables: Variables): string {
  if (rule.type === 'command_succeeds') return `This command succeeds: ${fillCommand(rule.command, variables)}`
  const file = `The file ${fillPath(rule.path, variables)}`
  switch (rule.type) {
    case 'file_exists':
      return `${file} exists.`
    case 'file_modified':
      return `${file} was changed.`
    case 'content_contains':
      return `${file} contains "${rule.pattern}".`
    case 'content_regex':
      return `${file} matches the regular expression ${rule.pattern}`
  }
}

/** Whether this failure, as `validate` words it, is one of this rule. */
function isFailureOf(rule: ValidationRule, variables: Variables, failure: string): boolean {
  const said = rule.description === null ? failure : failure.slice(rule.description.length + 2)
  if (rule.description !== null && !failure.startsWith(`${rule.description}: `)) return false
  if (said.startsWith('could not be checked')) return true
  if (rule.type === 'command_succeeds') return said.startsWith(`\`${fillCommand(rule.command, variables)}\``)
  const shown = fillPath(rule.path, variables)
  if (said === `${shown} does not exist`) return true
  switch (rule.type) {
    case 'file_exists':
      return false
    case 'file_modified':
      return said === `${shown} was not changed`
    case 'content_contains':
      return said === `${shown} does not contain "${rule.pattern}"` || said.startsWith(`${shown} is too large`)
    case 'content_regex':
      return said.startsWith(shown) && (said.includes(rule.pattern) || said.startsWith(`${shown} is too large`))
  }
}

/**
 * Which of the due rules held when they were last checked. Null when that cannot be told from the summary, as when the score
 * was changed since.
 *
 * @param due those that apply, in the order they are checked
 */
export function heldRules(
  due: readonly ValidationRule[],
  variables: Variables,
  { passed, total, failures, skipped }: ValidationSummary,
): readonly ValidationRule[] | null {
  if (due.length !== total) return null
  const held = due.slice(0, total - skipped).filter((rule) => !failures.some((failure) => isFailureOf(rule, variables, failure)))
  return held.length === passed ? held : null
}
