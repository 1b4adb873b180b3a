import { FermataError } from '../errors.ts'

/** Tokens of a prompt from which its user is warned, and from which it is not sent; 0 switches one off (Marianne §2.7). */
export interface TokenThresholds {
  readonly warning: number
  readonly error: number
}

export const DEFAULT_TOKEN_THRESHOLDS: TokenThresholds = { warning: 50_000, error: 150_000 }

/** Characters a token has, more or less, in languages written with letters. */
const CHARACTERS_PER_TOKEN = 3.5
/** Scripts where a character is a token or nearly one: Chinese, Japanese, Korean. */
const DENSE = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/g

/** How many tokens a text has, more or less (Marianne underestimates dense scripts several times over). */
export function estimateTokens(text: string): number {
  const dense = text.match(DENSE)?.length ?? 0
  return Math.ceil((text.length - dense) / CHARACTERS_PER_TOKEN + dense)
}

/**
 * Looks at a prompt before it costs money. Gives the warning to keep, or null.
 * @throws FermataError PREFLIGHT_TOKENS when it is too large to be sent
 */
export function checkPromptSize(prompt: string, { warning, error }: TokenThresholds): string | null {
  const tokens = estimateTokens(prompt)
  if (error > 0 && tokens > error) {
    throw new FermataError('PREFLIGHT_TOKENS', `Its prompt has about ${tokens} tokens, more than the ${error} allowed.`, {
      remedy: 'Give the sheet less to read, or raise the threshold.',
    })
  }
  return warning > 0 && tokens > warning ? `Its prompt has about ${tokens} tokens, more than the ${warning} it should have` : null
}
