import type { SheetState } from '../scheduling/state.ts'
import type { CheckpointTrigger, PlannedSheet, Score } from '../score/score.ts'

/** Whether everything the trigger asks for is so; one that asks for nothing is meant for every sheet. */
function matches(trigger: CheckpointTrigger, sheet: PlannedSheet, state: SheetState, prompt: string): boolean {
  const { sheet_nums: sheets, prompt_contains: texts, min_retry_count: retries } = trigger
  const lower = prompt.toLowerCase()
  return (
    (sheets === null || sheets.includes(sheet.number)) &&
    (texts === null || texts.some((text) => lower.includes(text.toLowerCase()))) &&
    (retries === null || state.failures >= retries)
  )
}

/**
 * What a person is asked before the sheet starts: the message of the first trigger of `checkpoints` that asks for a confirmation
 * and matches (Marianne §8.1). Null when the sheet may start.
 *
 * @param prompt what would be sent; `prompt_contains` is looked for in it, whatever the case
 */
export function checkpointFor(score: Score, sheet: PlannedSheet, state: SheetState, prompt: string): string | null {
  const { enabled, triggers } = score.checkpoints
  const trigger = enabled ? triggers.find((one) => one.requires_confirmation && matches(one, sheet, state, prompt)) : undefined
  if (!trigger) return null
  return trigger.message.trim() || `Checkpoint "${trigger.name}": sheet ${sheet.number} waits for your decision.`
}
