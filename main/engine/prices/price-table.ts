import { z } from 'zod'

const usd = z.number('a number of 0 or more').min(0, 'a number of 0 or more')

/** USD for 1,000,000 tokens. What is left out is not known, and not free. */
export const modelPrice = z.strictObject(
  {
    /** Fresh input. */
    input: usd,
    output: usd,
    cacheRead: usd.exactOptional(),
    cacheWrite: usd.exactOptional(),
  },
  'a mapping with `input` and `output`',
)
export type ModelPrice = Readonly<z.output<typeof modelPrice>>

/** A name such as `gpt-5`, or the beginning of several followed by a star: `local/*`. */
export const modelName = z
  .string()
  .regex(/^(?!__proto__\*?$)[^\s*]+\*?$/, 'a name without spaces; a star may stand at its end only')

/** What models cost, by name. */
export interface PriceTable {
  /** `YYYY-MM-DD`: as of when the bundled prices hold. */
  readonly date: string
  readonly currency: 'USD'
  readonly unit: string
  /** What is not in the prices. */
  readonly note: string
  readonly models: Readonly<Record<string, ModelPrice>>
  /** Those of `models` that are the user's own. */
  readonly own: readonly string[]
  /** What is wrong with the user's own prices, one sentence each; those are not used. */
  readonly problems: readonly string[]
}

/** A file of prices as it was read: what of it can be used, and what is wrong with the rest, as ends of "the file: …". */
interface PriceFile {
  readonly date: string
  readonly note: string
  readonly models: Readonly<Record<string, ModelPrice>>
  readonly problems: readonly string[]
}

const heading = z.object({
  date: z.string('a text').default(''),
  note: z.string('a text').default(''),
  models: z.record(z.string(), z.unknown(), 'a mapping of names such as "gpt-5"'),
})

/** Reads the text of a file of prices; each model for itself, so that a slip in one costs the others nothing. */
export function readPrices(text: string): PriceFile {
  const nothing = { date: '', note: '', models: {} }
  let found: unknown
  try {
    found = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return { ...nothing, problems: [error instanceof Error ? error.message : String(error)] }
  }
  const file = heading.safeParse(found)
  if (!file.success) return { ...nothing, problems: file.error.issues.map((issue) => faultOf(issue, '')) }
  const models: Record<string, ModelPrice> = {}
  const problems: string[] = []
  for (const [name, value] of Object.entries(file.data.models)) {
    const place = `models."${name}"`
    const named = modelName.safeParse(name)
    const price = modelPrice.safeParse(value)
    if (!named.success) problems.push(`${place} must be ${named.error.issues[0]?.message}`)
    else if (price.success) models[name] = price.data
    else problems.push(...price.error.issues.map((issue) => faultOf(issue, place)))
  }
  return { ...file.data, models, problems }
}

/** What is wrong, with its place. */
export function faultOf(issue: z.core.$ZodIssue, place: string): string {
  const where = [place, ...issue.path.map(String)].filter((part) => part !== '').join('.')
  if (issue.code === 'unrecognized_keys') return `${where} has ${issue.keys.join(', ')}, which means nothing there`
  return `${where || 'all of it'} must be ${issue.message}`
}
