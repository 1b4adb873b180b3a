import type { Usage } from '../scheduling/state.ts'

/** What can be seen of an attempt that has not told what it used, in tokens. */
export interface Traces {
  readonly prompt: number
  /** What the model wrote. */
  readonly written: number
  /** Calls of the model that were seen. */
  readonly calls: number
}

type Tokens = Pick<Usage, 'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens'>

/**
 * What an attempt used at least. Every call reads the prompt and, on average, half of what the model wrote in all; what was read
 * before comes from the cache. Instructions and files that the program adds by itself are not seen.
 */
export function leastUsage({ prompt, written, calls }: Traces): Tokens {
  const again = Math.max(0, calls - 1) * (prompt + written / 2)
  return { inputTokens: prompt, outputTokens: written, cacheReadTokens: Math.round(again), cacheWriteTokens: 0 }
}

/**
 * The figures of messages, some of which are placeholders: what is missing to the least that was read and written stands in. Who
 * puts everything in the cache tells hardly any fresh input, so reading counts as a whole.
 */
export function atLeast(told: Usage, least: Tokens): Usage {
  const missing = Math.max(0, read(least) - read(told))
  const fresh = Math.min(missing, Math.max(0, least.inputTokens - told.inputTokens - told.cacheWriteTokens))
  return {
    ...told,
    inputTokens: told.inputTokens + fresh,
    cacheReadTokens: told.cacheReadTokens + missing - fresh,
    outputTokens: Math.max(told.outputTokens, least.outputTokens),
  }
}

const read = ({ inputTokens, cacheReadTokens, cacheWriteTokens }: Tokens): number =>
  inputTokens + cacheReadTokens + cacheWriteTokens
