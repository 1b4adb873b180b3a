import { conditionHolds, parseCondition } from '../../score/condition.ts'
import type { ValidationRule } from '../../score/score.ts'

type Bounds = Pick<ValidationRule, 'condition' | 'sheet'>

function applies({ condition, sheet }: Bounds, variables: Record<string, unknown>): boolean {
  if (sheet !== null && variables.sheet_num !== sheet) return false
  const read = condition === null ? null : parseCondition(condition)
  // What cannot be read lets the rule apply (Marianne §7.7): better checked than missed.
  return read === null || conditionHolds(read, variables)
}

/** The rules that apply to a sheet, in the order they are checked: by stage, then as the score has them. */
export function rulesFor(rules: readonly ValidationRule[], variables: Record<string, unknown>): readonly ValidationRule[] {
  return rules.filter((rule) => applies(rule, variables)).sort((a, b) => a.stage - b.stage)
}
