import { scoreSchema } from '../../main/engine/score/schema/index.ts'
import type { Score } from '../../main/engine/score/score.ts'

/** A score as if it had been read from a file that says this and no more than it needs. */
export function aScore(keys: Readonly<Record<string, unknown>> & { sheets?: number } = {}): Score {
  const { sheets = 1, sheet, prompt, ...rest } = keys
  const template = 'Do it.'
  const file = scoreSchema.parse({
    name: 'test',
    workspace: '/w',
    instrument: 'rehearsal',
    sheet: { size: 1, total_items: sheets, ...(sheet as object) },
    prompt: { template, ...(prompt as object) },
    ...rest,
  })
  return {
    ...file,
    instrument: file.instrument ?? 'claude-code',
    prompt: { ...file.prompt, template: file.prompt.template ?? template },
  }
}
