import { z } from 'zod'

export type Json = Readonly<Record<string, unknown>>

/** An object, or null where the text is anything else. */
export function parseObject(text: string): Json | null {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** Whatever stands at a path (see `path` in the profile): nothing, one value, or several where it has a `*`. */
export function valuesAt(value: unknown, path: string): readonly unknown[] {
  return path.split('.').reduce<readonly unknown[]>((found, step) => found.flatMap((one) => entries(one, step)), [value])
}

function entries(value: unknown, step: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  if (step === '*') return Object.values(value)
  if (Array.isArray(value)) return /^-?\d+$/.test(step) ? [value.at(Number(step))].filter((entry) => entry !== undefined) : []
  return Object.hasOwn(value, step) ? [(value as Json)[step]] : []
}

/** The texts at a path, in lines. */
export function textAt(value: unknown, path: string): string {
  return textOf(valuesAt(value, path))
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join('\n')
  return ''
}

/** The sum of the amounts at several paths; null where there is none. What is no amount counts for nothing. */
export function amountAt(value: unknown, paths: readonly string[]): number | null {
  const amounts = paths
    .flatMap((path) => valuesAt(value, path))
    .filter((one) => typeof one === 'number' && Number.isFinite(one) && one >= 0)
    .map(Number)
  return amounts.length === 0 ? null : amounts.reduce((sum, amount) => sum + amount, 0)
}

/** Whether the wanted values stand at their paths. */
export function matches(value: unknown, filter: Readonly<Record<string, string | number | boolean | null>>): boolean {
  return Object.entries(filter).every(([path, wanted]) => valuesAt(value, path).includes(wanted))
}
