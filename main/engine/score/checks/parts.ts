import { z } from 'zod'
import type { Layout } from '../fan-out.ts'
import { type ScoreFile, scoreSchema } from '../schema/index.ts'
import { type ValidationRule, validation } from '../schema/validation.ts'
import type { YamlSource } from '../source.ts'

/** What is right by itself in a score, so that one mistake does not hide the next. What is wrong is undefined. */
export interface Parts {
  readonly score: Partial<Omit<ScoreFile, 'sheet' | 'prompt' | 'validations'>>
  readonly sheet: Partial<ScoreFile['sheet']>
  readonly prompt: Partial<ScoreFile['prompt']>
  readonly validations: readonly (ValidationRule | undefined)[]
  readonly source: YamlSource
}

/** In a score that is refused anyway, so many checks are looked at more closely. */
const MOST_RULES = 1000

/** @param score the whole of it, when nothing in the document is wrong */
export function partsOf(document: unknown, score: ScoreFile | undefined, source: YamlSource): Parts {
  if (score) return { score, sheet: score.sheet, prompt: score.prompt, validations: score.validations, source }
  const { sheet, prompt, validations } = fields(document)
  const rules: readonly unknown[] = Array.isArray(validations) ? validations : []
  return {
    score: sound(scoreSchema.omit({ sheet: true, prompt: true, validations: true }), document),
    sheet: sound(scoreSchema.shape.sheet, sheet),
    prompt: sound(scoreSchema.shape.prompt, prompt),
    validations: rules.slice(0, MOST_RULES).map((rule) => validation.safeParse(rule).data),
    source,
  }
}

/** How the score is laid out in sheets, when enough is right to count them. */
export function layoutOf({ score, sheet }: Parts): Layout | null {
  const { size, total_items, start_item, dependencies, fan_out } = sheet
  const { movements } = score
  if (!size || !total_items || !start_item || !dependencies || !fan_out || !movements || start_item > total_items) return null
  return { movements, sheet: { size, total_items, start_item, dependencies, fan_out } }
}

/** Each key's value by its own schema. */
function sound<Shape extends z.core.$ZodLooseShape>(section: z.ZodObject<Shape>, value: unknown) {
  const given = fields(value)
  const read = Object.entries(section.shape).map(([key, schema]) => [key, z.safeParse(schema as z.ZodType, given[key]).data])
  return Object.fromEntries(read) as Partial<z.output<z.ZodObject<Shape>>>
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
