import type { ModelPrice } from './price-table.ts'

/** The price of a model by the name a program calls it; null when it is not in the table: unknown, not free. */
export type FindPrice = (model: string) => ModelPrice | null

/**
 * Looks models up in a table. Programs call one model by many names: with its host before it (`openrouter/anthropic/…`), with a
 * date or a version after it (`-20250929`, `-2025-11-13`, `@20250929`, `-v1:0`, `[1m]`, `-latest`), with dots or dashes. The name as it is
 * comes first, then what is left of it; a name that is there whole comes before the beginning of one, a longer beginning before a
 * shorter one.
 */
export function findPriceIn(models: Readonly<Record<string, ModelPrice>>): FindPrice {
  const whole = new Map<string, ModelPrice>()
  const beginnings: [string, ModelPrice][] = []
  for (const [name, price] of Object.entries(models)) {
    if (name.endsWith('*')) beginnings.push([plain(name.slice(0, -1)), price])
    else whole.set(plain(name), price)
  }
  beginnings.sort(([a], [b]) => b.length - a.length)
  return (model) => {
    for (const name of namesOf(plain(model))) {
      const price = whole.get(name) ?? beginnings.find(([beginning]) => name.startsWith(beginning))?.[1]
      if (price !== undefined) return price
    }
    return null
  }
}

const plain = (name: string): string => name.trim().toLowerCase().replaceAll('.', '-')

const TAIL = /(-latest|\[\w+\]|[-@](20\d{6}|20\d\d-\d\d-\d\d)|-v\d+(:\d+)?)$/

/** What a model may be called in a table, the fullest name first. */
function* namesOf(name: string): Generator<string> {
  const hosts = name.split('/')
  for (let skipped = 0; skipped < hosts.length; skipped += 1) {
    let rest = hosts.slice(skipped).join('/')
    yield rest
    // Bedrock: `us.anthropic.claude-…`, dots are dashes here.
    const maker = /^(\w+-)?anthropic-(claude-.*)$/.exec(rest)?.[2]
    if (maker !== undefined) {
      rest = maker
      yield rest
    }
    for (let shorter = rest.replace(TAIL, ''); shorter !== rest; shorter = rest.replace(TAIL, '')) {
      rest = shorter
      yield rest
    }
  }
}
