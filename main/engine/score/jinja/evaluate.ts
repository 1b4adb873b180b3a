import { closest } from '../suggest.ts'
import { Failure } from './failure.ts'
import { applyFilter } from './filters.ts'
import { GLOBALS } from './globals.ts'
import { spend } from './limits.ts'
import { attribute, item, slice } from './members.ts'
import type {
  Binary,
  Call,
  CallStatement,
  Expression,
  Filter,
  For,
  Identifier,
  Macro,
  Member,
  Node,
  Parameter,
  SetStatement,
} from './nodes.ts'
import { COMPARISONS, calculate, compareBy, negate } from './operators.ts'
import { chainedLeft, loopInfo, pathOf, Scope } from './scope.ts'
import { type Syntax, testName } from './syntax.ts'
import { runTest } from './tests.ts'
import { joinText, str } from './text.ts'
import {
  Callable,
  defined,
  Float,
  iterate,
  type Keywords,
  Namespace,
  NOTHING,
  toKey,
  truthy,
  tuple,
  Undefined,
  type Value,
} from './values.ts'

/** A round costs more than a value: it gets a scope and a `loop` of its own. */
const STEPS_PER_ROUND = 10

/** Walks a template's tree once. `at` tells where it was when something failed. */
export class Evaluation {
  readonly #offsets: Syntax['offsets']
  /** Index in the source of what was last looked at. */
  at = 0

  constructor(syntax: Syntax) {
    this.#offsets = syntax.offsets
  }

  /** @throws Failure */
  run(syntax: Syntax, variables: ReadonlyMap<string, Value>): string {
    const globals = new Scope(null)
    for (const [name, value] of [...GLOBALS, ...variables]) globals.names.set(name, value)
    return this.#block(syntax.program.body, new Scope(globals))
  }

  #block(nodes: readonly Node[], scope: Scope): string {
    return joinText(
      nodes.map((node) => this.#statement(node, scope)),
      '',
    )
  }

  #statement(node: Node, scope: Scope): string {
    spend(1)
    switch (node.type) {
      case 'Program':
        return this.#block(node.body, scope)
      case 'If':
        return this.#block(truthy(this.#value(node.test, scope)) ? node.body : node.alternate, scope)
      case 'For':
        return this.#for(node, scope)
      case 'Set':
        return this.#set(node, scope)
      case 'Macro':
        scope.names.set(node.name.value, this.#macro(node.name.value, node, scope))
        return ''
      case 'CallStatement':
        return this.#call(node, scope)
      case 'FilterStatement':
        return str(this.#filter(this.#block(node.body, new Scope(scope)), node.filter, scope))
      case 'Comment':
        return ''
      default:
        return str(this.#value(node, scope))
    }
  }

  #for(node: For, scope: Scope): string {
    const select = node.iterable.type === 'SelectExpression' ? node.iterable : null
    const all = iterate(this.#value(select?.lhs ?? node.iterable, scope))
    const items = select ? all.filter((entry) => this.#passes(entry, node.loopvar, select.test, scope)) : all
    if (items.length === 0) return this.#block(node.defaultBlock, new Scope(scope))
    const rounds = items.map((entry, index) => {
      spend(STEPS_PER_ROUND)
      // A fresh scope for every round: what a round sets is gone in the next one.
      const inner = new Scope(scope)
      inner.names.set('loop', loopInfo(items, index))
      this.#assign(node.loopvar, entry, inner)
      return this.#block(node.body, inner)
    })
    return joinText(rounds, '')
  }

  #passes(entry: Value, loopvar: Expression, test: Expression, scope: Scope): boolean {
    const inner = new Scope(scope)
    this.#assign(loopvar, entry, inner)
    return truthy(this.#value(test, inner))
  }

  #set(node: SetStatement, scope: Scope): string {
    let target = node.assignee
    const filters: Filter['filter'][] = []
    while (target.type === 'FilterExpression') {
      filters.unshift(target.filter)
      target = target.operand
    }
    const body: Value = node.value ? this.#value(node.value, scope) : this.#block(node.body, new Scope(scope))
    this.#assign(
      target,
      filters.reduce<Value>((value, filter) => this.#filter(value, filter, scope), body),
      scope,
    )
    return ''
  }

  #assign(target: Expression, value: Value, scope: Scope): void {
    if (target.type === 'Identifier') {
      scope.names.set(target.value, value)
    } else if (target.type === 'TupleLiteral' || target.type === 'ArrayLiteral') {
      const parts = iterate(value)
      if (parts.length !== target.value.length)
        throw new Failure(`${target.value.length} names cannot take ${parts.length} values`)
      for (const [index, part] of target.value.entries()) this.#assign(part, parts[index] ?? null, scope)
    } else if (target.type === 'MemberExpression' && target.property.type === 'Identifier') {
      const object = this.#value(target.object, scope)
      if (!(object instanceof Namespace)) throw new Failure('only a `namespace()` has fields that can be set')
      object.fields.set(target.property.value, value)
    } else throw new Failure('only a name can be set')
  }

  #macro(name: string, node: Pick<Macro, 'args' | 'body'>, scope: Scope): Callable {
    return new Callable(name, (positional, keywords) => {
      const inner = new Scope(scope)
      const names = node.args.map((parameter) => (parameter.type === 'Identifier' ? parameter : parameter.key).value)
      if (positional.length > names.length) throw new Failure(`\`${name}\` takes at most ${names.length} argument(s)`)
      for (const [key, value] of keywords) {
        if (key !== 'caller' && !names.includes(key)) throw new Failure(`\`${name}\` has no argument \`${key}\``)
        inner.names.set(key, value)
      }
      for (const [index, parameter] of node.args.entries()) this.#bind(parameter, positional[index], inner)
      return this.#block(node.body, inner)
    })
  }

  #bind(parameter: Parameter, given: Value | undefined, scope: Scope): void {
    const name = (parameter.type === 'Identifier' ? parameter : parameter.key).value
    if (given !== undefined) scope.names.set(name, given)
    else if (!scope.names.has(name)) {
      const missing = new Undefined(`the argument \`${name}\` was not given`, name)
      scope.names.set(name, parameter.type === 'Identifier' ? missing : this.#value(parameter.value, scope))
    }
  }

  #call(node: CallStatement, scope: Scope): string {
    const caller = this.#macro('caller', { args: node.callerArgs ?? [], body: node.body }, scope)
    const [positional, keywords] = this.#arguments(node.call.args, scope)
    return str(this.#invoke(this.#value(node.call.callee, scope), positional, new Map([...keywords, ['caller', caller]])))
  }

  #value(node: Expression, scope: Scope): Value {
    spend(1)
    switch (node.type) {
      case 'Identifier':
        return this.#name(node, scope)
      case 'IntegerLiteral':
      case 'StringLiteral':
        return node.value
      case 'FloatLiteral':
        return new Float(node.value)
      case 'ArrayLiteral':
        return node.value.map((part) => this.#value(part, scope))
      case 'TupleLiteral':
        return tuple(...node.value.map((part) => this.#value(part, scope)))
      case 'ObjectLiteral':
        return new Map([...node.value].map(([key, value]) => [toKey(this.#value(key, scope)), this.#value(value, scope)]))
      case 'MemberExpression':
        return this.#member(node, scope)
      case 'CallExpression':
        return this.#invokeCall(node, scope)
      case 'BinaryExpression':
        return this.#binary(node, scope)
      case 'UnaryExpression':
        return this.#unary(node.operator.value, this.#value(node.argument, scope))
      case 'FilterExpression':
        return this.#filter(this.#value(node.operand, scope), node.filter, scope)
      case 'Ternary':
        return this.#value(truthy(this.#value(node.condition, scope)) ? node.trueExpr : node.falseExpr, scope)
      case 'SelectExpression':
        return truthy(this.#value(node.test, scope)) ? this.#value(node.lhs, scope) : NOTHING
      default:
        throw new Failure(`${node.type} does not stand for a value`)
    }
  }

  #name(node: Identifier, scope: Scope): Value {
    this.at = this.#offsets.get(node) ?? this.at
    const found = scope.find(node.value)
    if (found !== undefined) return found
    const near = closest(node.value, scope.all())
    const hint = near ? `; did you mean \`${near}\`?` : ''
    return new Undefined(`\`${node.value}\` is not defined${hint}`, node.value, this.at)
  }

  #member(node: Member, scope: Scope): Value {
    const object = this.#value(node.object, scope)
    if (node.property.type === 'SliceExpression') {
      const { start, stop, step } = node.property
      const [from, to, by] = [start, stop, step].map((part) => part && this.#value(part, scope))
      return slice(object, from, to, by)
    }
    const dotted = !node.computed && node.property.type === 'Identifier' ? node.property : null
    const key = dotted ? dotted.value : this.#value(node.property, scope)
    defined(object)
    this.at = this.#offsets.get(node.property) ?? this.at
    const found = dotted ? attribute(object, dotted.value) : item(object, key)
    if (!(found instanceof Undefined)) return found
    const path = pathOf(node.object)
    const name = typeof key === 'string' ? key : str(key)
    return new Undefined(path ? `\`${path}\` has no \`${name}\`` : found.message, path ? `${path}.${name}` : name, this.at)
  }

  #invokeCall(node: Call, scope: Scope): Value {
    const callee = this.#value(node.callee, scope)
    const at = this.at
    const [positional, keywords] = this.#arguments(node.args, scope)
    this.at = at
    return this.#invoke(callee, positional, keywords)
  }

  #invoke(callee: Value, positional: readonly Value[], keywords: Keywords): Value {
    const target = defined(callee)
    if (!(target instanceof Callable)) throw new Failure('this is not a function and cannot be called')
    return target.call(positional, keywords)
  }

  #arguments(nodes: readonly Expression[], scope: Scope): [Value[], Map<string, Value>] {
    const positional: Value[] = []
    const keywords = new Map<string, Value>()
    for (const node of nodes) {
      if (node.type === 'KeywordArgumentExpression') keywords.set(node.key.value, this.#value(node.value, scope))
      else if (node.type === 'SpreadExpression') positional.push(...iterate(this.#value(node.argument, scope)))
      else if (node.type === 'KeywordSpreadExpression') {
        const value = this.#value(node.argument, scope)
        if (!(value instanceof Map)) throw new Failure('only a dict can follow `**`')
        for (const [key, entry] of value) keywords.set(String(key), entry)
      } else positional.push(this.#value(node, scope))
    }
    return [positional, keywords]
  }

  #binary(node: Binary, scope: Scope): Value {
    const { value: operator } = node.operator
    const left = this.#value(node.left, scope)
    if (operator === 'and') return truthy(left) ? this.#value(node.right, scope) : left
    if (operator === 'or') return truthy(left) ? left : this.#value(node.right, scope)
    // `a < b < c` means `a < b and b < c`.
    const chained = chainedLeft(node)
    if (chained && !truthy(left)) return left
    const right = this.#value(node.right, scope)
    this.at = node.operator.offset ?? this.at
    if (!COMPARISONS.has(operator)) return calculate(operator, left, right)
    if (chained) return compareBy(operator, this.#value(chained.right, scope), right)
    return compareBy(operator, left, right)
  }

  #unary(operator: string, value: Value): Value {
    return operator === 'not' ? !truthy(value) : negate(operator, value)
  }

  #filter(value: Value, filter: Filter['filter'], scope: Scope): Value {
    const name = filter.type === 'CallExpression' ? (filter.callee as Identifier) : filter
    const [positional, keywords] =
      filter.type === 'CallExpression' ? this.#arguments(filter.args, scope) : [[], new Map<string, Value>()]
    this.at = this.#offsets.get(name) ?? this.at
    const test = testName(name)
    if (!test) return applyFilter(name.value, value, positional, keywords)
    return runTest(test.name, value, positional) !== test.negated
  }
}
