import { instrumentsOf, type Origin } from './choices.ts'
import { fanOut } from './fan-out.ts'
import { toPlain } from './plain.ts'
import type { Score } from './score.ts'
import { readYaml } from './source.ts'

/** A value and which part of the score gave it. */
export interface Sourced<Value> {
  readonly value: Value
  readonly origin: Origin
}

export interface EffectiveConfig {
  /** Every single value of the score, by its path: `retry.max_retries`. */
  readonly values: readonly (Sourced<unknown> & { readonly path: string })[]
  readonly sheets: readonly EffectiveSheet[]
}

interface EffectiveSheet {
  readonly number: number
  readonly instrument: Sourced<string>
  readonly model: Sourced<string | null>
  /** Null: the profile's own. */
  readonly timeoutSeconds: Sourced<number | null>
}

/**
 * What holds for a job, each value with where it came from.
 * @param document what the score file says, as {@link readDocument} reads it
 * @param given what was given beside the score and stands in it now
 */
export function effectiveConfig(score: Score, document: unknown, given: { workspace?: boolean } = {}): EffectiveConfig {
  const resolve = instrumentsOf(score)
  const fromDefault = isOwn(document, 'instrument') ? 'score' : 'default'
  return {
    values: leaves(score, document, '').map((value) =>
      given.workspace && value.path === 'workspace' ? { ...value, origin: 'option' } : value,
    ),
    sheets: fanOut(score).map((part, index) => {
      const { choices, nameFrom, settingFrom } = resolve(index + 1, part)
      const [{ instrument, config }] = choices
      return {
        number: index + 1,
        instrument: { value: instrument, origin: nameFrom === 'score' ? fromDefault : nameFrom },
        model: { value: config.model, origin: settingFrom('model') },
        timeoutSeconds: { value: config.timeout_seconds, origin: settingFrom('timeout_seconds') },
      }
    }),
  }
}

/** The text of a score as plain values; undefined when it is no YAML. */
export function readDocument(text: string): unknown {
  const { source } = readYaml(text)
  return source ? toPlain(source.value).value : undefined
}

function leaves(value: unknown, document: unknown, path: string, given = true): EffectiveConfig['values'] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : []
  if (inner.length === 0) return [{ path, value, origin: given ? 'score' : 'default' }]
  return inner.flatMap(([key, item]) => {
    const name = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    return isOwn(document, key) ? leaves(item, document[key], name) : leaves(item, undefined, name, false)
  })
}

function isOwn(value: unknown, key: string): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
}
