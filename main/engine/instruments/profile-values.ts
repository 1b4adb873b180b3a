import { z } from 'zod'
import { compilePattern } from '../score/pattern.ts'

/** A regular expression in Python's or JavaScript's spelling, matched without regard to case. */
export const pattern = z
  .string()
  .min(1)
  .transform((source, context) => {
    try {
      const { source: plain, flags } = compilePattern(source)
      const ours = flags.replace(/[im]/g, '')
      try {
        return new RegExp(plain, `${ours}iu`)
      } catch {
        // Python lets more characters be escaped than Unicode patterns of JavaScript do.
        return new RegExp(plain, `${ours}i`)
      }
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: `is not a regular expression: ${error instanceof Error ? error.message : error}`,
      })
      return z.NEVER
    }
  })

export const patterns = z.array(pattern).default([])

/**
 * Where values stand in what a program prints, as keys joined by dots: `usage.input_tokens`. `*` means every entry of a
 * mapping or list, a number one of a list; negative ones count from its end.
 */
export const path = z.string().regex(/^[^.\s]+(\.[^.\s]+)*$/, 'is not a path of keys joined by dots, such as usage.input_tokens')

/** One path or several. */
export const paths = z.union([path.transform((one) => [one]), z.array(path)])

/** Paths and the values that must stand there. */
export const filter = z.record(path, z.union([z.string(), z.number(), z.boolean(), z.null()]))

/** One word or several. */
export const words = z.union([
  z
    .string()
    .min(1)
    .transform((one) => [one]),
  z.array(z.string().min(1)),
])

export const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not a name for an environment variable')

/** Marianne's profiles write `key: null` for a key that is not there. */
export function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== null))
}
