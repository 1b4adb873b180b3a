import { z } from 'zod'

/*
 * Every message here is the end of the sentence "`key` must be …"; `explain.ts` writes the rest, with the place and the remedy.
 */

export const text = z.string('a text').refine((value) => value.trim() !== '', 'a text that is not empty')
export const anyText = z.string('a text')
export const yes = z.boolean('true or false')
export const count = z.int('a whole number of 0 or more').min(0, 'a whole number of 0 or more')
export const positive = z.int('a whole number of 1 or more').min(1, 'a whole number of 1 or more')
export const nonNegative = z.number('a number of 0 or more').min(0, 'a number of 0 or more')
export const aboveZero = z.number('a number above 0').positive('a number above 0')

/** A whole number between two others, both included. */
export function between(least: number, most: number) {
  const message = `a whole number from ${least} to ${most}`
  return z.int(message).min(least, message).max(most, message)
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
