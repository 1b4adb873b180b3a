import { call, Evaluator } from './evaluate.ts'
import { Failure } from './failure.ts'
import { GLOBALS } from './globals.ts'
import { spend } from './limits.ts'
import { Loop } from './loop.ts'
import type { CallBlock, For, Node, Parameter, SetBlock, Signature } from './nodes.ts'
import { Scope } from './scope.ts'
import { joinText, str } from './text.ts'
import { iterate, Thing, truthy, tuple, Undefined, type Value } from './values.ts'

/** A round costs more than a value: it gets a scope and a `loop` of its own. */
const STEPS_PER_ROUND = 10

/** Renders a template's nodes. */
export class Renderer extends Evaluator {
  /** @throws Failure; `at` then tells where */
  render(nodes: readonly Node[], variables: Iterable<readonly [string, Value]>): string {
    const globals = new Scope(null, [...GLOBALS, ...variables])
    return this.#block(nodes, new Scope(globals))
  }

  #block(nodes: readonly Node[], scope: Scope): string {
    return joinText(
      nodes.map((node) => this.#node(node, scope)),
      '',
    )
  }

  #node(node: Node, scope: Scope): string {
    spend(1)
    switch (node.type) {
      case 'text':
        return node.text
      case 'print': {
        const value = this.value(node.value, scope)
        this.at = node.at
        return str(value)
      }
      case 'if':
        return this.#block(truthy(this.value(node.test, scope)) ? node.body : node.otherwise, scope)
      case 'for':
        return this.#for(node, scope)
      case 'with': {
        const inner = new Scope(scope)
        for (const [target, value] of node.values) this.assign(target, this.value(value, scope), inner)
        return this.#block(node.body, inner)
      }
      case 'set':
        this.assign(node.target, this.value(node.value, scope), scope)
        return ''
      case 'set block':
        this.assign(node.target, this.#filtered(node, scope), scope)
        return ''
      case 'macro':
        scope.names.set(node.name, this.#macro(node, scope))
        return ''
      case 'call block':
        return this.#call(node, scope)
      case 'filter block':
        return str(this.#filtered(node, scope))
    }
  }

  #filtered(node: Pick<SetBlock, 'filters' | 'body'>, scope: Scope): Value {
    const body: Value = this.#block(node.body, new Scope(scope))
    return node.filters.reduce<Value>((value, filter) => this.filter(value, filter, scope), body)
  }

  #for(node: For, scope: Scope): string {
    const rounds = (source: Value, depth: number): string => {
      const all = iterate(source)
      const items = node.test ? all.filter((entry) => this.#passes(node, entry, scope)) : all
      if (items.length === 0) return this.#block(node.otherwise, new Scope(scope))
      const loop = new Loop(items, depth, node.recursive ? rounds : null)
      const parts = items.map((entry, index) => {
        spend(STEPS_PER_ROUND)
        // A fresh scope for every round: what a round sets is gone in the next one.
        const inner = new Scope(scope, [['loop', loop.round(index)]])
        this.assign(node.target, entry, inner)
        return this.#block(node.body, inner)
      })
      return joinText(parts, '')
    }
    return rounds(this.value(node.source, scope), 1)
  }

  #passes(node: For, entry: Value, scope: Scope): boolean {
    const inner = new Scope(scope)
    this.assign(node.target, entry, inner)
    return node.test !== null && truthy(this.value(node.test, inner))
  }

  #macro(node: Signature, scope: Scope): Thing {
    const { name, parameters, uses, body } = node
    const names = parameters.map((parameter) => parameter.name)
    const invoke = (positional: readonly Value[], keywords: ReadonlyMap<string, Value>): Value => {
      const inner = new Scope(scope)
      const surplus = new Map(keywords)
      for (const [index, parameter] of parameters.entries()) {
        const given = index < positional.length ? positional[index] : surplus.get(parameter.name)
        if (index >= positional.length) surplus.delete(parameter.name)
        inner.names.set(parameter.name, given ?? this.#fallback(parameter, given, inner))
      }
      if (uses.has('caller')) {
        inner.names.set('caller', surplus.get('caller') ?? new Undefined('`caller` is only there in a `call` block', 'caller'))
        surplus.delete('caller')
      }
      if (uses.has('kwargs')) inner.names.set('kwargs', new Map(surplus))
      else for (const key of surplus.keys()) throw new Failure(`\`${name}\` has no argument \`${key}\``)
      if (uses.has('varargs')) inner.names.set('varargs', tuple(...positional.slice(names.length)))
      else if (positional.length > names.length) throw new Failure(`\`${name}\` takes at most ${names.length} argument(s)`)
      return this.#block(body, inner)
    }
    return new Thing(
      `<Macro '${name}'>`,
      invoke,
      new Map<string, Value>([
        ['name', name],
        ['arguments', tuple(...names)],
        ['catch_varargs', uses.has('varargs')],
        ['catch_kwargs', uses.has('kwargs')],
        ['caller', uses.has('caller')],
      ]),
    )
  }

  #fallback({ name, fallback }: Parameter, given: Value | undefined, scope: Scope): Value {
    if (given !== undefined) return given
    return fallback ? this.value(fallback, scope) : new Undefined(`the argument \`${name}\` was not given`, name)
  }

  #call(node: CallBlock, scope: Scope): string {
    const callee = this.value(node.call.callee, scope)
    const [positional, keywords] = this.given(node.call.given, scope)
    this.at = node.call.at
    return str(call(callee, positional, keywords.set('caller', this.#macro(node, scope))))
  }
}
