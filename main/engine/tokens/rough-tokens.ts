/** Characters a token has, more or less, in languages written with letters. */
const CHARACTERS_PER_TOKEN = 3.5
/** Scripts where a character is a token or nearly one: Chinese, Japanese, Korean. */
const DENSE = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/g

/** How many tokens a text has, more or less, by its characters alone. */
export function roughTokens(text: string): number {
  const dense = text.match(DENSE)?.length ?? 0
  return Math.ceil((text.length - dense) / CHARACTERS_PER_TOKEN + dense)
}
