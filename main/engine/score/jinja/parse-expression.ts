import { Failure } from './failure.ts'
import { checkFilter, checkTest } from './known.ts'
import type { Token } from './lexer.ts'
import type { Expression, FilterCall, Given, Target } from './nodes.ts'
import { asTarget } from './target.ts'
import { misfit, TokenStream } from './token-stream.ts'
import { Float, integer } from './values.ts'

/** Names that stand for a value and cannot be assigned to. */
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])
const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>='])
/** Words that follow a test and are not its argument. */
const NO_ARGUMENT: ReadonlySet<string> = new Set(['and', 'or', 'else', 'if', 'in', 'not', 'recursive'])
const NOTHING_GIVEN: Given = { positional: [], keywords: [], rest: null, named: null }

/** Reads Jinja2's expressions, by the same grammar: each method is one level of precedence. */
export class ExpressionParser extends TokenStream {
  /** The names read since a macro began. */
  protected names = new Set<string>()

  /** @throws Failure where the expression stops making sense */
  expression(): Expression {
    let then = this.or()
    while (this.isName('if')) {
      const { at } = this.take()
      const test = this.or()
      then = { type: 'conditional', test, then, otherwise: this.skipName('else') ? this.expression() : null, at }
    }
    return then
  }

  /** One expression, or a tuple of several without brackets. `until` are names that end it. */
  protected tuple(part: () => Expression, until: readonly string[] = [], bracketed = false): Expression {
    const { at } = this.token
    const items: Expression[] = []
    let several = false
    for (;;) {
      const over = this.token.type === 'end' || this.is(')') || (this.token.type === 'name' && until.includes(this.token.value))
      if (over) break
      items.push(part())
      if (!this.skip(',')) break
      several = true
    }
    const [only] = items
    if (!several && only) return only
    if (items.length === 0 && !bracketed) throw misfit(this.token)
    return { type: 'tuple', items, at }
  }

  protected or(): Expression {
    let left = this.#and()
    while (this.isName('or')) left = { type: 'binary', operator: 'or', at: this.take().at, left, right: this.#and() }
    return left
  }

  #and(): Expression {
    let left = this.#not()
    while (this.isName('and')) left = { type: 'binary', operator: 'and', at: this.take().at, left, right: this.#not() }
    return left
  }

  #not(): Expression {
    if (!this.isName('not')) return this.#compare()
    return { type: 'unary', operator: 'not', at: this.take().at, operand: this.#not() }
  }

  #compare(): Expression {
    const first = this.#sum()
    const rest: { operator: string; at: number; right: Expression }[] = []
    for (;;) {
      const { at } = this.token
      const operator = this.comparison()
      if (operator === null) break
      rest.push({ operator, at, right: this.#sum() })
    }
    return rest.length === 0 ? first : { type: 'compare', first, rest, at: rest[0]?.at ?? 0 }
  }

  /** Takes the operator of a comparison, if there is one. */
  protected comparison(): string | null {
    if (this.token.type === 'operator' && COMPARISONS.has(this.token.value)) return this.take().value
    if (this.skipName('in')) return 'in'
    if (!this.isName('not') || !this.isName('in', this.ahead(1))) return null
    this.take()
    this.take()
    return 'not in'
  }

  #sum(): Expression {
    return this.#leftToRight(['+', '-'], () => this.#joined())
  }

  #joined(): Expression {
    return this.#leftToRight(['~'], () => this.#product())
  }

  #product(): Expression {
    return this.#leftToRight(['*', '/', '//', '%'], () => this.power())
  }

  /** As in Jinja2, `**` goes from left to right and a sign binds more tightly. */
  protected power(): Expression {
    return this.#leftToRight(['**'], () => this.#signed(true))
  }

  #leftToRight(operators: readonly string[], part: () => Expression): Expression {
    let left = part()
    while (this.token.type === 'operator' && operators.includes(this.token.value)) {
      const { value: operator, at } = this.take()
      left = { type: 'binary', operator, at, left, right: part() }
    }
    return left
  }

  #signed(filtered: boolean): Expression {
    const { at } = this.token
    const operator = this.is('-') ? '-' : this.is('+') ? '+' : null
    if (operator) this.take()
    const node: Expression = operator ? { type: 'unary', operator, at, operand: this.#signed(false) } : this.primary()
    const whole = this.postfix(node)
    return filtered ? this.#filtered(whole) : whole
  }

  protected primary(): Expression {
    const token = this.take()
    const { at } = token
    if (token.type === 'name') {
      const constant = CONSTANTS.get(token.value)
      if (constant !== undefined) return { type: 'constant', value: constant, at }
      this.names.add(token.value)
      return { type: 'name', name: token.value, at }
    }
    if (token.type === 'string') {
      let value = token.value
      while (this.token.type === 'string') value += this.take().value
      return { type: 'constant', value, at }
    }
    if (token.type === 'integer') return { type: 'constant', value: this.#integer(token), at }
    if (token.type === 'float') return { type: 'constant', value: new Float(Number(token.value)), at }
    if (token.type === 'operator' && token.value === '(') {
      const inner = this.tuple(() => this.expression(), [], true)
      this.expect(')')
      return inner
    }
    if (token.type === 'operator' && token.value === '[')
      return { type: 'list', at, items: this.#until(']', () => this.expression()) }
    if (token.type === 'operator' && token.value === '{') {
      const pairs = this.#until('}', (): [Expression, Expression] => {
        const key = this.expression()
        this.expect(':')
        return [key, this.expression()]
      })
      return { type: 'dict', at, pairs }
    }
    throw misfit(token)
  }

  #integer(token: Token): number {
    try {
      return integer(Number(token.value))
    } catch {
      throw new Failure('the number is too large for an exact integer', { offset: token.at })
    }
  }

  /** What stands between commas up to a closing bracket; one more comma may follow the last. */
  #until<T>(close: string, part: () => T): T[] {
    const parts: T[] = []
    while (!this.is(close)) {
      parts.push(part())
      if (!this.skip(',')) break
    }
    this.expect(close)
    return parts
  }

  protected postfix(node: Expression): Expression {
    let whole = node
    for (;;) {
      if (this.is('.')) whole = this.#dotted(whole)
      else if (this.is('[')) whole = this.#indexed(whole)
      else if (this.is('(')) whole = { type: 'call', callee: whole, at: whole.at, given: this.given() }
      else return whole
    }
  }

  #dotted(object: Expression): Expression {
    this.take()
    const token = this.take()
    if (token.type === 'name') return { type: 'attribute', object, name: token.value, at: token.at }
    if (token.type !== 'integer') throw misfit(token)
    return { type: 'item', object, key: { type: 'constant', value: this.#integer(token), at: token.at }, at: token.at }
  }

  #indexed(object: Expression): Expression {
    this.take()
    const { at } = this.token
    const bound = () => (this.is(':') || this.is(']') ? null : this.expression())
    const start = bound()
    if (this.skip(':')) {
      const stop = bound()
      const step = this.skip(':') ? bound() : null
      this.expect(']')
      return { type: 'slice', object, start, stop, step, at }
    }
    if (start === null) throw misfit(this.token)
    const key: Expression = this.skip(',')
      ? { type: 'tuple', at, items: [start, ...this.#until(']', () => this.expression())] }
      : this.#closed(start)
    return { type: 'item', object, key, at }
  }

  #closed(node: Expression): Expression {
    this.expect(']')
    return node
  }

  /** The arguments of a call, brackets included. */
  protected given(): Given {
    this.expect('(')
    const positional: Expression[] = []
    const keywords: [string, Expression][] = []
    let [rest, named]: (Expression | null)[] = [null, null]
    this.#until(')', () => {
      if (this.is('**') && !named) {
        this.take()
        named = this.expression()
      } else if (this.is('*') && !rest && !named) {
        this.take()
        rest = this.expression()
      } else if (this.token.type === 'name' && this.is('=', this.ahead(1)) && !named) {
        const name = this.take().value
        this.take()
        keywords.push([name, this.expression()])
      } else if (keywords.length === 0 && !rest && !named) positional.push(this.argument())
      else throw new Failure('an argument by place cannot follow one by name', { offset: this.token.at })
    })
    return { positional, keywords, rest: rest ?? null, named: named ?? null }
  }

  protected argument(): Expression {
    return this.expression()
  }

  #filtered(node: Expression): Expression {
    let whole = node
    for (;;) {
      if (this.skip('|')) whole = { type: 'filter', operand: whole, ...this.filterCall() }
      else if (this.isName('is')) whole = this.#test(whole)
      else if (this.is('(')) whole = this.postfix(whole)
      else return whole
    }
  }

  /** The name of a filter and its arguments. */
  protected filterCall(): FilterCall {
    const { value: name, at } = this.name('a filter')
    checkFilter(name, at)
    return { name, at, given: this.is('(') ? this.given() : NOTHING_GIVEN }
  }

  #test(operand: Expression): Expression {
    this.take()
    const negated = this.skipName('not')
    const { value: name, at } = this.name('a test')
    checkTest(name, at)
    return { type: 'test', operand, negated, name, at, given: this.#testArguments() }
  }

  /** A test takes one argument without brackets: `x is divisibleby 3`. */
  #testArguments(): Given {
    if (this.is('(')) return this.given()
    const { type, value } = this.token
    const opens = type === 'operator' && (value === '[' || value === '{')
    const plain = type === 'string' || type === 'integer' || type === 'float'
    if (!opens && !plain && !(type === 'name' && !NO_ARGUMENT.has(value))) return NOTHING_GIVEN
    if (value === 'is' && type === 'name')
      throw new Failure('a second `is` cannot follow a test without brackets', { offset: this.token.at })
    return { ...NOTHING_GIVEN, positional: [this.postfix(this.primary())] }
  }

  /** What `set`, `for` and `with` assign to. `fields` allows fields of a namespace. */
  protected target(fields: boolean, until: readonly string[] = []): Target {
    return asTarget(
      this.tuple(() => this.#targetPart(fields), until),
      fields,
    )
  }

  #targetPart(fields: boolean): Expression {
    const part = this.primary()
    return fields && part.type === 'name' && this.is('.') ? this.#dotted(part) : part
  }
}
