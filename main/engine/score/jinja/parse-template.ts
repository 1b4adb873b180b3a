import { closest } from '../suggest.ts'
import { Failure } from './failure.ts'
import { tokenizeTemplate } from './lexer.ts'
import type { Expression, FilterCall, Node, Parameter, Signature, Target } from './nodes.ts'
import { ExpressionParser } from './parse-expression.ts'
import { misfit } from './token-stream.ts'

/** Block statements and what ends each. */
const ENDS: ReadonlyMap<string, string> = new Map([
  ['if', 'endif'],
  ['for', 'endfor'],
  ['with', 'endwith'],
  ['macro', 'endmacro'],
  ['call', 'endcall'],
  ['filter', 'endfilter'],
  ['set', 'endset'],
])
const MIDDLES: ReadonlySet<string> = new Set(['elif', 'else'])
const ALONE = 'a template stands alone: write the text here, or let the score hand it over as a variable'
const EXTENSION = 'it belongs to an extension of Jinja2 that is off'
const PLAIN = 'a prompt is plain text, nothing is escaped by itself'

/** Jinja2's statements that templates of a score cannot use, and why. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ...['include', 'import', 'from', 'extends', 'block'].map((name): [string, string] => [name, ALONE]),
  ...['do', 'break', 'continue', 'trans', 'pluralize', 'debug'].map((name): [string, string] => [name, EXTENSION]),
  ['autoescape', PLAIN],
])

const SPECIAL = ['caller', 'varargs', 'kwargs']

/** Reads a template. @throws Failure with an offset when it is not valid */
export function parseTemplate(source: string): readonly Node[] {
  return new TemplateParser(tokenizeTemplate(source)).template()
}

class TemplateParser extends ExpressionParser {
  template(): Node[] {
    return this.#body(null, [])
  }

  /** Nodes up to a statement of the block that ends it; that statement's `{%` and name are taken, too. */
  #body(block: { name: string; at: number } | null, ends: readonly string[]): Node[] {
    const nodes: Node[] = []
    for (;;) {
      const { type, value, at } = this.token
      if (type === 'over') {
        if (!block) return nodes
        throw new Failure(`\`${block.name}\` is never closed by \`${ENDS.get(block.name)}\``, { offset: block.at })
      }
      this.take()
      if (type === 'text') nodes.push({ type: 'text', text: value, at })
      else if (value === '{{') nodes.push(this.#print(this.tuple(() => this.expression())))
      else {
        const name = this.name('a statement')
        if (ends.includes(name.value)) return nodes
        nodes.push(this.#statement(name.value, name.at, block?.name ?? null))
      }
    }
  }

  #print(value: Expression): Node {
    this.#end()
    return { type: 'print', value, at: value.at }
  }

  #statement(name: string, at: number, inside: string | null): Node {
    switch (name) {
      case 'print':
        return this.#print(this.expression())
      case 'if':
        return this.#if(at)
      case 'for':
        return this.#for(at)
      case 'with':
        return this.#with(at)
      case 'set':
        return this.#set(at)
      case 'macro':
        return this.#macro(at)
      case 'call':
        return this.#call(at)
      case 'filter': {
        const filters = [this.filterCall(), ...this.#filters()]
        return { type: 'filter block', filters, body: this.#rest('filter', at), at }
      }
      default:
        throw new Failure(wrongStatement(name, inside), { offset: at })
    }
  }

  /** The body of a block that has one end and no middle. */
  #rest(name: string, at: number): Node[] {
    this.#end()
    const body = this.#body({ name, at }, [ENDS.get(name) ?? ''])
    this.#end()
    return body
  }

  #if(at: number): Node {
    const test = this.tuple(() => this.or())
    this.#end()
    const body = this.#body({ name: 'if', at }, ['elif', 'else', 'endif'])
    const { value: end, at: endAt } = this.ahead(-1)
    if (end === 'elif') return { type: 'if', test, body, otherwise: [this.#if(endAt)], at }
    this.#end()
    if (end === 'endif') return { type: 'if', test, body, otherwise: [], at }
    const otherwise = this.#body({ name: 'if', at }, ['endif'])
    this.#end()
    return { type: 'if', test, body, otherwise, at }
  }

  #for(at: number): Node {
    const target = this.target(false, ['in'])
    if (!this.skipName('in')) throw misfit(this.token)
    const source = this.tuple(() => this.or(), ['recursive'])
    const test = this.skipName('if') ? this.expression() : null
    const recursive = this.skipName('recursive')
    this.#end()
    const body = this.#body({ name: 'for', at }, ['else', 'endfor'])
    const hasElse = this.isName('else', this.ahead(-1))
    this.#end()
    const otherwise = hasElse ? this.#body({ name: 'for', at }, ['endfor']) : []
    if (hasElse) this.#end()
    return { type: 'for', target, source, test, recursive, body, otherwise, at }
  }

  #with(at: number): Node {
    const values: [Target, Expression][] = []
    while (this.token.type !== 'end') {
      if (values.length > 0) this.expect(',')
      const target = this.target(false)
      this.expect('=')
      values.push([target, this.expression()])
    }
    return { type: 'with', values, body: this.#rest('with', at), at }
  }

  #set(at: number): Node {
    const target = this.target(true)
    if (this.skip('=')) {
      const value = this.tuple(() => this.expression())
      this.#end()
      return { type: 'set', target, value, at }
    }
    return { type: 'set block', target, filters: this.#filters(), body: this.#rest('set', at), at }
  }

  #filters(): FilterCall[] {
    const filters: FilterCall[] = []
    while (this.skip('|')) filters.push(this.filterCall())
    return filters
  }

  #macro(at: number): Node {
    const { value: name } = this.name('the macro')
    return { type: 'macro', ...this.#signature(name, at, this.#parameters(), () => this.#rest('macro', at)) }
  }

  #call(at: number): Node {
    const parameters = this.is('(') ? this.#parameters() : []
    const call = this.expression()
    if (call.type !== 'call') throw new Failure('`call` needs a call such as `name(…)`', { offset: call.at })
    return { type: 'call block', call, ...this.#signature('caller', at, parameters, () => this.#rest('call', at)) }
  }

  /** Reads a body while watching which of the special names it uses. */
  #signature(name: string, at: number, parameters: readonly Parameter[], read: () => Node[]): Signature {
    const outer = this.names
    this.names = new Set()
    const body = read()
    const declared = parameters.map((parameter) => parameter.name)
    const uses = new Set(SPECIAL.filter((special) => this.names.has(special) && !declared.includes(special)))
    this.names = new Set([...outer, ...this.names])
    return { name, parameters, uses, body, at }
  }

  #parameters(): Parameter[] {
    const parameters: Parameter[] = []
    this.expect('(')
    while (!this.is(')')) {
      if (parameters.length > 0) this.expect(',')
      const { value: name, at } = this.name('an argument')
      const fallback = this.skip('=') ? this.expression() : null
      if (parameters.some((other) => other.name === name))
        throw new Failure(`the argument \`${name}\` stands here twice`, { offset: at })
      if (fallback === null && parameters.at(-1)?.fallback)
        throw new Failure('an argument without a default cannot follow one that has one', { offset: at })
      parameters.push({ name, fallback, at })
    }
    this.expect(')')
    return parameters
  }

  #end(): void {
    if (this.token.type !== 'end') throw misfit(this.token)
    this.take()
  }
}

function wrongStatement(name: string, inside: string | null): string {
  const end = inside === null ? undefined : ENDS.get(inside)
  if (MIDDLES.has(name)) return `\`${name}\` belongs to no \`if\``
  if ([...ENDS.values()].includes(name))
    return end ? `\`${name}\` stands where \`${end}\` is expected` : `\`${name}\` closes nothing`
  const reason = REFUSED.get(name)
  if (reason) return `\`${name}\` is not a statement templates can use; ${reason}`
  const near = closest(name, [...ENDS.keys(), ...ENDS.values(), ...MIDDLES, 'raw'])
  return `\`${name}\` is not a statement templates can use${near ? `; did you mean \`${near}\`?` : ''}`
}
