import { Failure } from './failure.ts'
import { spend } from './limits.ts'
import { type Value, View } from './values.ts'

/** As many items as Jinja2's sandbox allows. */
const MAX_RANGE = 100_000

/** What `range()` gives: whole numbers that print as `range(0, 3)`. */
export class Range extends View {
  bounds: readonly [start: number, stop: number, step: number] = [0, 0, 1]
}

/** @throws Failure when there would be too many */
export function range(start: number, stop: number, step: number): Range {
  if (step === 0) throw new Failure('the step of `range` cannot be zero')
  const count = Math.max(0, Math.ceil((stop - start) / step))
  if (count > MAX_RANGE) throw new Failure(`\`range\` may have at most ${MAX_RANGE} items`)
  spend(count)
  const made = new Range()
  for (let index = 0; index < count; index += 1) made.push(start + index * step)
  made.bounds = [start, stop, step]
  return made
}

/** The part of a range from its `start`th to before its `stop`th item, every `step`th. */
export function rangePart({ bounds: [first, , by] }: Range, start: number, stop: number, step: number): Value {
  return range(first + start * by, first + stop * by, by * step)
}
