import { FermataError } from '../errors.ts'
import { countTokens } from '../tokens/count-tokens.ts'

/** Tokens of a prompt from which its user is warned, and from which it is not sent; 0 switches one off (Marianne §2.7). */
export interface TokenThresholds {
  readonly warning: number
  readonly error: number
}

export const DEFAULT_TOKEN_THRESHOLDS: TokenThresholds = { warning: 50_000, error: 150_000 }

/**
 * Looks at a prompt before it costs money. Gives the warning to keep, or null.
 * @throws FermataError PREFLIGHT_TOKENS when it is too large to be sent
 */
export async function checkPromptSize(prompt: string, { warning, error }: TokenThresholds): Promise<string | null> {
  // No token is shorter than a byte: most prompts need not be counted.
  const lowest = Math.min(...[warning, error].filter((threshold) => threshold > 0))
  if (Buffer.byteLength(prompt) <= lowest) return null
  const tokens = await countTokens(prompt)
  if (error > 0 && tokens > error) {
    throw new FermataError('PREFLIGHT_TOKENS', `Its prompt has about ${tokens} tokens, more than the ${error} allowed.`, {
      remedy: 'Give the sheet less to read, or raise the threshold.',
    })
  }
  return warning > 0 && tokens > warning ? `Its prompt has about ${tokens} tokens, more than the ${warning} it should have` : null
}
