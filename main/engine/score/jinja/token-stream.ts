import { Failure } from './failure.ts'
import type { Token } from './lexer.ts'

/** Reads tokens one after the other and says, with its place, what does not fit. */
export class TokenStream {
  readonly #tokens: readonly Token[]
  #next = 0

  /** @param tokens the last one is `over` */
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  protected get token(): Token {
    return this.ahead(0)
  }

  protected ahead(count: number): Token {
    const token = this.#tokens[this.#next + count] ?? this.#tokens.at(-1)
    if (!token) throw new Failure('there is nothing to read', { offset: 0 })
    return token
  }

  protected take(): Token {
    const { token } = this
    this.#next += 1
    return token
  }

  protected is(operator: string, token = this.token): boolean {
    return token.type === 'operator' && token.value === operator
  }

  protected isName(name: string, token = this.token): boolean {
    return token.type === 'name' && token.value === name
  }

  protected skip(operator: string): boolean {
    const found = this.is(operator)
    if (found) this.take()
    return found
  }

  protected skipName(name: string): boolean {
    const found = this.isName(name)
    if (found) this.take()
    return found
  }

  protected expect(operator: string): void {
    if (!this.skip(operator)) throw misfit(this.token)
  }

  protected name(what: string): Token {
    if (this.token.type !== 'name') throw new Failure(`the name of ${what} is missing here`, { offset: this.token.at })
    return this.take()
  }
}

export function misfit({ type, value, at }: Token): Failure {
  const shown = type === 'text' ? 'text' : type === 'over' ? value : type === 'string' ? 'a text in quotes' : `\`${value}\``
  return new Failure(`${shown} does not fit here`, { offset: at })
}
