import { type Alias, type Document, isAlias, isMap, isNode, isSeq, type Node } from 'yaml'

/** Keys and values a score may mean when its aliases are written out; a few lines of aliases can mean millions. */
const MOST_VALUES = 200_000
/** The library looks for each alias among all of them. */
const MOST_ALIASES = 1_000

/**
 * What each alias (`*name`) of a document stands for, merged mappings (`<<: *name`) as well. Null when one stands for nothing or
 * for what it is a part of, and when all of them together would mean more than can be read.
 */
export function resolveAliases(document: Document): ReadonlyMap<Alias, Node> | null {
  const anchored = new Map<string, { readonly node: Node; values: number }>()
  const targets = new Map<Alias, Node>()

  const valuesOf = (node: unknown): number => {
    if (isAlias(node)) {
      const named = anchored.get(node.source)
      if (!named || targets.size === MOST_ALIASES) return Number.POSITIVE_INFINITY
      targets.set(node, named.node)
      return named.values
    }
    if (!isNode(node)) return 0
    // Without end until it is counted: so is what holds itself.
    const anchor = { node, values: Number.POSITIVE_INFINITY }
    if ('anchor' in node && node.anchor !== undefined) anchored.set(node.anchor, anchor)
    let values = 1
    if (isSeq(node)) for (const item of node.items) values += valuesOf(item)
    if (isMap(node)) for (const { key, value } of node.items) values += valuesOf(key) + valuesOf(value)
    anchor.values = values
    return values
  }

  return valuesOf(document.contents) > MOST_VALUES ? null : targets
}
