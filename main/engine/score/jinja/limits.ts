import { Failure } from './failure.ts'

/** Longest text and longest list a template may build. */
const MAX_TEXT = 10_000_000
const MAX_ITEMS = 1_000_000
/** Steps one rendering may take: values looked at, rounds of loops, hundreds of characters built. A real prompt takes thousands. */
const MAX_STEPS = 1_000_000

/** Steps left to the rendering that runs. Rendering is synchronous, so there is never more than one. */
let left = Number.POSITIVE_INFINITY

/** Runs one rendering within bounds: a typo must not hang the app. */
export function limited<T>(run: () => T): T {
  left = MAX_STEPS
  try {
    return run()
  } finally {
    left = Number.POSITIVE_INFINITY
  }
}

/** Counts work. @throws Failure when it becomes too much. */
export function spend(steps: number): void {
  left -= steps
  if (left < 0) throw new Failure('the template takes too many steps; is a loop running away?')
}

/** Refuses a text that would become too long, before it is built. */
export function roomFor(length: number): void {
  if (length > MAX_TEXT) throw new Failure(`the text would be longer than ${MAX_TEXT} characters`)
  spend(length / 100)
}

/** Refuses a list that would become too long, before it is built. */
export function roomForItems(count: number): void {
  if (count > MAX_ITEMS) throw new Failure(`the list would have more than ${MAX_ITEMS} items`)
  spend(count)
}
