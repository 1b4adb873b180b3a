import type { Confidence, Usage } from '../scheduling/state.ts'
import { allTokens } from '../scheduling/usage.ts'
import type { FindPrice } from './find-price.ts'
import type { ModelPrice } from './price-table.ts'

/** What an instrument's profile says of a model's price: USD for 1000 tokens. */
interface ProfilePrice {
  readonly cost_per_1k_input?: number | undefined
  readonly cost_per_1k_output?: number | undefined
  readonly cost_per_1k_cache_read?: number | undefined
  readonly cost_per_1k_cache_write?: number | undefined
}

/**
 * Says what a usage cost. What the program itself names stands; else the price of the profile counts, else that of the table.
 * Where neither knows the model the cost is unknown, and all its tokens are `unpricedTokens`.
 */
export type Pricing = (usage: Usage, model: string | null, profile: ProfilePrice | null) => Usage

/**
 * How far the true cost may lie from the one that follows from the tokens. Who tells totals while it runs may have used a little
 * more by its end. Who tells of single messages leaves some out, or tells the beginning of an answer for the whole. A tokenizer
 * sees the prompt and what was printed: neither what the program read by itself, nor that it reads everything again at every
 * turn, at a lower price. A budget counts the upper end.
 */
const SPREAD: Readonly<Record<Confidence, readonly [low: number, high: number]>> = {
  exact: [1, 1],
  reported: [1, 1.1],
  live: [0.9, 1.5],
  estimate: [0.5, 3],
}

/** What cache tokens cost where nobody says it, in parts of fresh input: at least, most likely enough, and at most. */
const CACHE_READ = [0, 1, 1] as const
const CACHE_WRITE = [1, 1, 2] as const

export function createPricing(findPrice: FindPrice): Pricing {
  return (usage, model, profile) => {
    if (usage.costUsd !== null) return usage
    const { costRange: _, unpricedTokens: __, ...told } = usage
    const price = profilePrice(profile) ?? (model === null ? null : findPrice(model))
    if (price === null) return { ...told, unpricedTokens: allTokens(usage) }
    const [least, best, most] = ([0, 1, 2] as const).map((which) => costOf(usage, price, which)) as [number, number, number]
    const [low, high] = SPREAD[usage.confidence ?? 'exact']
    const range = [least * low, most * high] as const
    return { ...told, costUsd: best, ...(range[0] === range[1] ? {} : { costRange: range }) }
  }
}

function costOf(usage: Usage, { input, output, cacheRead, cacheWrite }: ModelPrice, which: 0 | 1 | 2): number {
  const million =
    usage.inputTokens * input +
    usage.outputTokens * output +
    usage.cacheReadTokens * (cacheRead ?? input * CACHE_READ[which]) +
    usage.cacheWriteTokens * (cacheWrite ?? input * CACHE_WRITE[which])
  return million / 1_000_000
}

function profilePrice(profile: ProfilePrice | null): ModelPrice | null {
  const { cost_per_1k_input: input, cost_per_1k_output: output } = profile ?? {}
  if (input === undefined || output === undefined) return null
  const { cost_per_1k_cache_read: read, cost_per_1k_cache_write: write } = profile ?? {}
  return {
    input: input * 1000,
    output: output * 1000,
    ...(read === undefined ? {} : { cacheRead: read * 1000 }),
    ...(write === undefined ? {} : { cacheWrite: write * 1000 }),
  }
}
