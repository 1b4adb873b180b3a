import type { Confidence, Usage } from '../scheduling/state.ts'
import { amountAt, type Json, valuesAt } from './json-paths.ts'
import type { InstrumentProfile } from './profile.ts'

/** What a program says it used; null where it says nothing. */
export interface Counts {
  readonly input: number | null
  readonly output: number | null
  readonly cacheRead: number | null
  readonly cacheWrite: number | null
  readonly cost: number | null
}

/** What one model used, as far as the program tells them apart. */
export interface ModelCounts {
  readonly model: string | null
  readonly counts: Counts
}

/** Says what a usage cost, where the program did not; `model` is null where nobody names one. */
export type Price = (usage: Usage, model: string | null) => Usage

type CountPaths = Pick<
  InstrumentProfile['cli']['output'],
  'input_tokens_path' | 'output_tokens_path' | 'cache_read_tokens_path' | 'cache_write_tokens_path' | 'cost_path'
>

/** Reads the counts out of a result or event; null when it holds none. */
export function countsAt(event: Json, paths: CountPaths): Counts | null {
  const counts = {
    input: amountAt(event, paths.input_tokens_path),
    output: amountAt(event, paths.output_tokens_path),
    cacheRead: amountAt(event, paths.cache_read_tokens_path),
    cacheWrite: amountAt(event, paths.cache_write_tokens_path),
    cost: paths.cost_path === undefined ? null : amountAt(event, [paths.cost_path]),
  }
  return Object.values(counts).every((count) => count === null) ? null : counts
}

/** The counts of an object, of every model for itself where it tells them apart. */
export function countsByModel({ cli: { output } }: InstrumentProfile, document: Json): readonly ModelCounts[] {
  const counts = countsAt(document, output)
  if (counts === null) return []
  const path = output.usage_by_model_path
  const models = path === undefined ? undefined : valuesAt(document, path)[0]
  const names = typeof models === 'object' && models !== null && !Array.isArray(models) ? Object.keys(models) : []
  if (path === undefined || names.length === 0) return [{ model: modelIn(document, output.model_path), counts }]
  return names.flatMap((model) => {
    const own = countsAt(withOnly(document, path.split('.'), model), output)
    return own === null ? [] : [{ model, counts: own }]
  })
}

/** The object with this one entry in the mapping at the path. */
function withOnly(value: Json, [step, ...rest]: readonly string[], name: string): Json {
  if (step === undefined) return { [name]: value[name] }
  return { ...value, [step]: withOnly((value[step] ?? {}) as Json, rest, name) }
}

/** The model an event names. What programs make up without one has names such as `<synthetic>`. */
export function modelIn(event: Json, paths: readonly string[]): string | null {
  const names = paths.flatMap((path) => valuesAt(event, path))
  return names.find((name): name is string => typeof name === 'string' && /^[^<\s]/.test(name)) ?? null
}

export const addCounts = (a: Counts, b: Counts): Counts => combined(a, b, (one, other) => one + other)

/** The higher figure of each kind. */
export const highestCounts = (a: Counts, b: Counts): Counts => combined(a, b, Math.max)

function combined(a: Counts, b: Counts, combine: (one: number, other: number) => number): Counts {
  const of = (one: number | null, other: number | null) => (one === null || other === null ? (one ?? other) : combine(one, other))
  return {
    input: of(a.input, b.input),
    output: of(a.output, b.output),
    cacheRead: of(a.cacheRead, b.cacheRead),
    cacheWrite: of(a.cacheWrite, b.cacheWrite),
    cost: of(a.cost, b.cost),
  }
}

/** Tokens as Fermata keeps them. The cost is the one the program tells; where it tells none it is unknown, and for a {@link Price} to say. */
export function usageFrom(profile: InstrumentProfile, counts: Counts, confidence: Confidence, source: string): Usage {
  const [input, outputTokens, cacheReadTokens, cacheWriteTokens] = [
    counts.input,
    counts.output,
    counts.cacheRead,
    counts.cacheWrite,
  ].map(tokens) as [number, number, number, number]
  const cached = profile.cli.output.input_includes_cache ? cacheReadTokens + cacheWriteTokens : 0
  const inputTokens = Math.max(0, input - cached)
  return { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd: counts.cost, confidence, source }
}

/** Whatever a program prints, tokens are whole and can be stored. */
function tokens(count: number | null): number {
  return Math.min(Math.round(count ?? 0), Number.MAX_SAFE_INTEGER)
}
