import { countTokens } from '../tokens/count-tokens.ts'

/** The tokens of a text that grows. Of what comes at once only so much is kept and counted; the rest counts as that does. */
export class TextSize {
  readonly #kept: number
  #pending: string[] = []
  #pendingLength = 0
  #counted = 0
  #tokens = 0
  #all = 0

  /** @param kept characters that are counted at a time */
  constructor(kept: number) {
    this.#kept = kept
  }

  add(text: string): void {
    if (text === '') return
    this.#all += text.length
    const room = this.#kept - this.#pendingLength
    if (room <= 0) return
    const part = text.slice(0, room)
    this.#pending.push(part)
    this.#pendingLength += part.length
  }

  async tokens(): Promise<number> {
    const pending = this.#pending.join('\n')
    this.#counted += this.#pendingLength
    this.#pending = []
    this.#pendingLength = 0
    this.#tokens += await countTokens(pending)
    return this.#counted === 0 ? 0 : Math.round((this.#tokens * this.#all) / this.#counted)
  }
}
