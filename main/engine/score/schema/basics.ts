import { z } from 'zod'

/*
 * Every message here is the end of the sentence "`key` must be …"; `explain.ts` writes the rest, with the place and the remedy.
 */

export const text = z.string('a text').refine((value) => value.trim() !== '', 'a text that is not empty')
export const anyText = z.string('a text')
const WORDS: Readonly<Record<string, boolean>> = { true: true, yes: true, on: true, false: false, no: false, off: false }

/** What older YAML, and so Marianne, takes for true or false: `yes`, `Off`. Anything else stays as it is. */
export function asBoolean(value: unknown): unknown {
  const word = typeof value === 'string' ? value.toLowerCase() : ''
  return Object.hasOwn(WORDS, word) ? WORDS[word] : value
}

/** A text that is nothing but a number stands for it, as in Marianne: `"1"`. */
function asNumber(value: unknown): unknown {
  return typeof value === 'string' && /^[+-]?\d+(\.\d+)?$/.test(value) ? Number(value) : value
}

const whole = (message: string, least: number, most: number | null = null) => {
  const schema = z.int(message).min(least, message)
  return z.preprocess(asNumber, most === null ? schema : schema.max(most, message))
}

export const yes = z.preprocess(asBoolean, z.boolean('true or false'))
/** For what cannot be turned off. */
export const alwaysYes = z.preprocess(asBoolean, z.literal(true, 'true'))
export const count = whole('a whole number of 0 or more', 0)
export const positive = whole('a whole number of 1 or more', 1)
export const nonNegative = atLeast(0)
export const aboveZero = z.preprocess(asNumber, z.number('a number above 0').positive('a number above 0'))

/** A whole number between two others, both included. */
export const between = (least: number, most: number) => whole(`a whole number from ${least} to ${most}`, least, most)

/** A number of this or more. */
export function atLeast(least: number) {
  const message = `a number of ${least} or more`
  return z.preprocess(asNumber, z.number(message).min(least, message))
}

/** A number above 0, up to another, which is included. */
export function upTo(most: number) {
  const above = 'a number above 0'
  return z.preprocess(asNumber, z.number(above).positive(above).max(most, `a number up to ${most}`))
}

/** A number between two others, both included. */
export function within(least: number, most: number) {
  const message = `a number from ${least} to ${most}`
  return z.preprocess(asNumber, z.number(message).min(least, message).max(most, message))
}

/** A mapping that has these keys and no others. */
export const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.strictObject(shape, 'a mapping')

/** May be left out or empty; reads as null then. */
export const optional = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().default(null as never)

export const list = <Schema extends z.ZodType>(schema: Schema, what = 'a list') => z.array(schema, what)

const number = z.string().regex(/^[1-9]\d{0,6}$/, 'a number of 1 or more')

/** Values by number of sheet, stage or movement. YAML's numbers are texts as keys of a mapping. */
export const byNumber = <Schema extends z.ZodType>(schema: Schema) =>
  z.record(number, schema, 'a mapping whose keys are numbers').default({})

/** Values by a name of the author's own. */
export const byName = <Schema extends z.ZodType>(schema: Schema) => z.record(text, schema, 'a mapping of names').default({})

/** Whatever an instrument makes of it: the author's own keys and values. */
export const settings = z.record(z.string(), z.unknown(), 'a mapping')

/** Accepted from scores written for Marianne; `notes.ts` says that it has no effect, and why. */
export const noted = z.unknown().optional()
