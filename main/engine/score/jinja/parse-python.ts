import { closest } from '../suggest.ts'
import { Failure } from './failure.ts'
import { tokenizeExpression } from './lexer.ts'
import type { Comprehension, Expression } from './nodes.ts'
import { ExpressionParser } from './parse-expression.ts'
import { misfit } from './token-stream.ts'

/** Words of Python that do not stand for a value here. */
const REFUSED: ReadonlySet<string> = new Set([
  'lambda',
  'await',
  'async',
  'yield',
  'import',
  'from',
  'def',
  'class',
  'del',
  'assert',
])

/**
 * Reads a Python expression.
 * @param known the names it may use
 * @throws Failure with an offset when it is not valid, or uses another name
 */
export function parsePython(source: string, known: readonly string[]): Expression {
  const tokens = tokenizeExpression(source)
  const foreign = tokens.find(({ type, value }) => type === 'operator' && value === '~')
  if (foreign) throw misfit(foreign)
  return new PythonParser(tokens).whole(known)
}

class PythonParser extends ExpressionParser {
  readonly #used: { name: string; at: number }[] = []
  /** Names that a `for` inside the expression brings along. */
  readonly #bound = new Set<string>()

  whole(known: readonly string[]): Expression {
    const node = this.expression()
    if (this.token.type !== 'over') throw misfit(this.token)
    const stranger = this.#used.find(({ name }) => !known.includes(name) && !this.#bound.has(name))
    if (!stranger) return node
    const near = closest(stranger.name, known)
    const hint = near ? `did you mean \`${near}\`?` : `there are ${known.map((name) => `\`${name}\``).join(', ')}`
    throw new Failure(`\`${stranger.name}\` is not known here; ${hint}`, { offset: stranger.at, undefinedName: stranger.name })
  }

  override expression(): Expression {
    const node = super.expression()
    if (node.type === 'conditional' && !node.otherwise) throw new Failure('this `if` needs an `else`', { offset: node.at })
    return node
  }

  protected override comparison(): string | null {
    if (!this.skipName('is')) return super.comparison()
    return this.skipName('not') ? 'is not' : 'is'
  }

  /** In Python a sign binds less tightly than `**`, and `**` goes from right to left. */
  protected override power(): Expression {
    const { at } = this.token
    const operator = this.is('-') ? '-' : this.is('+') ? '+' : null
    if (operator) {
      this.take()
      return { type: 'unary', operator, at, operand: this.power() }
    }
    const left = this.postfix(this.primary())
    if (!this.is('**')) return left
    return { type: 'binary', operator: '**', at: this.take().at, left, right: this.power() }
  }

  protected override primary(): Expression {
    const { type, value, at } = this.token
    if (type === 'name' && REFUSED.has(value)) throw new Failure(`\`${value}\` cannot be used here`, { offset: at })
    const node = super.primary()
    if (node.type === 'name') this.#used.push(node)
    return node
  }

  /** `any(s.status == 'failed' for s in sheets.values())` */
  protected override argument(): Expression {
    const element = this.expression()
    if (!this.isName('for')) return element
    const { at } = this.take()
    const before = this.#used.length
    const target = this.target(false, ['in'])
    for (const { name } of this.#used.splice(before)) this.#bound.add(name)
    if (!this.skipName('in')) throw misfit(this.token)
    const source = this.or()
    const tests: Expression[] = []
    while (this.skipName('if')) tests.push(this.or())
    return { type: 'comprehension', element, target, source, tests, at } satisfies Comprehension
  }
}
