import { closest } from '../suggest.ts'
import { Failure } from './failure.ts'
import { applyFilter } from './filters.ts'
import { spend } from './limits.ts'
import { attribute, item, slice } from './members.ts'
import type { Attribute, Binary, Compare, Comprehension, Expression, FilterCall, Given, Item, Name, Target } from './nodes.ts'
import { calculate, compareBy, negate } from './operators.ts'
import { Scope } from './scope.ts'
import { runTest } from './tests.ts'
import { str } from './text.ts'
import {
  type Dict,
  defined,
  iterate,
  type Keywords,
  Namespace,
  NOTHING,
  Once,
  Thing,
  toKey,
  truthy,
  tuple,
  Undefined,
  type Value,
} from './values.ts'

/** Works out what expressions stand for. `at` tells where it was when something failed. */
export class Evaluator {
  /** Index in the source of what was last looked at. */
  at = 0

  /** @throws Failure */
  value(node: Expression, scope: Scope): Value {
    spend(1)
    switch (node.type) {
      case 'constant':
        return node.value
      case 'name':
        return this.#name(node, scope)
      case 'list':
        return node.items.map((part) => this.value(part, scope))
      case 'tuple':
        return tuple(...node.items.map((part) => this.value(part, scope)))
      case 'dict':
        return this.#dict(node.pairs, scope)
      case 'attribute':
      case 'item':
        return this.#member(node, scope)
      case 'slice': {
        const part = (bound: Expression | null) => bound && this.value(bound, scope)
        return slice(this.value(node.object, scope), part(node.start), part(node.stop), part(node.step))
      }
      case 'call': {
        const callee = this.value(node.callee, scope)
        const given = this.given(node.given, scope)
        this.at = node.at
        return call(callee, ...given)
      }
      case 'filter':
        return this.filter(this.value(node.operand, scope), node, scope)
      case 'test': {
        const operand = this.value(node.operand, scope)
        const given = this.given(node.given, scope)
        this.at = node.at
        return runTest(node.name, operand, ...given) !== node.negated
      }
      case 'unary': {
        const operand = this.value(node.operand, scope)
        if (node.operator === 'not') return !truthy(operand)
        this.at = node.at
        return negate(node.operator, operand)
      }
      case 'binary':
        return this.#binary(node, scope)
      case 'compare':
        return this.#compare(node, scope)
      case 'conditional':
        if (truthy(this.value(node.test, scope))) return this.value(node.then, scope)
        return node.otherwise ? this.value(node.otherwise, scope) : NOTHING
      case 'comprehension':
        return new Once('for', () => this.#comprehension(node, scope))
    }
  }

  protected filter(value: Value, filter: FilterCall, scope: Scope): Value {
    const [positional, keywords] = this.given(filter.given, scope)
    this.at = filter.at
    return applyFilter(filter.name, value, positional, keywords)
  }

  protected given({ positional, keywords, rest, named }: Given, scope: Scope): [Value[], Map<string, Value>] {
    const values = positional.map((node) => this.value(node, scope))
    const byName = new Map(keywords.map(([name, node]) => [name, this.value(node, scope)]))
    if (rest) for (const value of iterate(this.value(rest, scope))) values.push(value)
    if (!named) return [values, byName]
    const more = this.value(named, scope)
    if (!(more instanceof Map)) throw new Failure('only a dict can follow `**`', { offset: named.at })
    for (const [key, value] of more) byName.set(String(key), value)
    return [values, byName]
  }

  protected assign(target: Target, value: Value, scope: Scope): void {
    if (target.type === 'name') {
      scope.names.set(target.name, value)
    } else if (target.type === 'field') {
      const object = this.#name({ ...target, type: 'name' }, scope)
      if (!(defined(object) instanceof Namespace)) throw new Failure('only a `namespace()` has fields that can be set')
      ;(object as Namespace).fields.set(target.field, value)
    } else {
      const parts = iterate(value)
      if (parts.length !== target.targets.length)
        throw new Failure(`${target.targets.length} name(s) cannot take ${parts.length} value(s)`, { offset: target.at })
      for (const [index, part] of target.targets.entries()) this.assign(part, parts[index] ?? null, scope)
    }
  }

  #name({ name, at }: Name, scope: Scope): Value {
    this.at = at
    const found = scope.find(name)
    if (found !== undefined) return found
    const near = closest(name, scope.all())
    return new Undefined(`\`${name}\` is not defined${near ? `; did you mean \`${near}\`?` : ''}`, name, at)
  }

  #dict(pairs: readonly (readonly [Expression, Expression])[], scope: Scope): Dict {
    return new Map(
      pairs.map(([keyNode, valueNode]) => {
        const key = this.value(keyNode, scope)
        this.at = keyNode.at
        return [toKey(key), this.value(valueNode, scope)]
      }),
    )
  }

  #member(node: Attribute | Item, scope: Scope): Value {
    const object = defined(this.value(node.object, scope))
    const key = node.type === 'attribute' ? node.name : this.value(node.key, scope)
    this.at = node.at
    const found = node.type === 'attribute' ? attribute(object, node.name) : item(object, key)
    if (!(found instanceof Undefined) || found.offset !== null) return found
    const path = pathOf(node.object)
    const name = typeof key === 'string' ? key : str(key)
    return new Undefined(path ? `\`${path}\` has no \`${name}\`` : found.message, path ? `${path}.${name}` : name, node.at)
  }

  #binary(node: Binary, scope: Scope): Value {
    const left = this.value(node.left, scope)
    if (node.operator === 'and') return truthy(left) ? this.value(node.right, scope) : left
    if (node.operator === 'or') return truthy(left) ? left : this.value(node.right, scope)
    const right = this.value(node.right, scope)
    this.at = node.at
    return calculate(node.operator, left, right)
  }

  #compare(node: Compare, scope: Scope): boolean {
    let left = this.value(node.first, scope)
    for (const { operator, right: part, at } of node.rest) {
      const right = this.value(part, scope)
      this.at = at
      if (!compareBy(operator, left, right)) return false
      left = right
    }
    return true
  }

  #comprehension(node: Comprehension, scope: Scope): Value[] {
    const found: Value[] = []
    for (const entry of iterate(this.value(node.source, scope))) {
      const inner = new Scope(scope)
      this.assign(node.target, entry, inner)
      if (node.tests.every((test) => truthy(this.value(test, inner)))) found.push(this.value(node.element, inner))
    }
    return found
  }
}

export function call(callee: Value, positional: readonly Value[], keywords: Keywords): Value {
  const target = defined(callee)
  if (!(target instanceof Thing) || !target.call) throw new Failure('this is not a function and cannot be called')
  return target.call(positional, keywords)
}

/** The source text of a path such as `a.b`, for messages. */
function pathOf(node: Expression): string | null {
  if (node.type === 'name') return node.name
  if (node.type !== 'attribute') return null
  const path = pathOf(node.object)
  return path && `${path}.${node.name}`
}
