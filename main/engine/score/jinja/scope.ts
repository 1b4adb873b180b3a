import type { Binary, Expression } from './nodes.ts'
import { COMPARISONS } from './operators.ts'
import { Callable, Namespace, Undefined, type Value } from './values.ts'

/** Names and their values; what is not found here is looked for further out. */
export class Scope {
  readonly names = new Map<string, Value>()
  readonly outer: Scope | null

  constructor(outer: Scope | null) {
    this.outer = outer
  }

  find(name: string): Value | undefined {
    const found = this.names.get(name)
    return found === undefined ? this.outer?.find(name) : found
  }

  all(): string[] {
    return [...this.names.keys(), ...(this.outer?.all() ?? [])]
  }
}

/** The left half of a chain of comparisons; brackets around it make it a comparison of its own. */
export function chainedLeft(node: Binary): Binary | null {
  const { left } = node
  if (!COMPARISONS.has(node.operator.value)) return null
  if (left.type !== 'BinaryExpression' || !COMPARISONS.has(left.operator.value)) return null
  return left.operator.depth === node.operator.depth ? left : null
}

/** The source text of a path such as `a.b`, for messages. */
export function pathOf(node: Expression): string | null {
  if (node.type === 'Identifier') return node.value
  if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier' || node.computed) return null
  const path = pathOf(node.object)
  return path && `${path}.${node.property.value}`
}

function at(items: readonly Value[], index: number, otherwise: string): Value {
  const found = items[index]
  return found === undefined ? new Undefined(otherwise) : found
}

/** What `loop` offers inside a `for`. */
export function loopInfo(items: readonly Value[], index: number): Namespace {
  const cycle = new Callable('cycle', (values) => at(values, index % values.length, '`cycle` needs values'))
  return new Namespace(
    new Map<string, Value>([
      ['index', index + 1],
      ['index0', index],
      ['revindex', items.length - index],
      ['revindex0', items.length - index - 1],
      ['first', index === 0],
      ['last', index === items.length - 1],
      ['length', items.length],
      ['depth', 1],
      ['depth0', 0],
      ['previtem', at(items, index - 1, 'there is no previous item')],
      ['nextitem', at(items, index + 1, 'there is no next item')],
      ['cycle', cycle],
    ]),
  )
}
