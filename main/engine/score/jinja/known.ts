import { closest } from '../suggest.ts'
import { Failure } from './failure.ts'
import { FILTERS } from './filters.ts'
import { TESTS } from './tests.ts'

/** Jinja2's filters and tests that templates of a score do not have, and what to do instead. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['pprint', 'write `| tojson(indent=2)`'],
  ['random', 'a prompt must come out the same each time it is rendered'],
  ['striptags', 'a prompt is plain text, not a web page'],
  ['urlize', 'a prompt is plain text, not a web page'],
  ['filter', 'which filters there are is settled when the template is written'],
  ['test', 'which tests there are is settled when the template is written'],
  ['escaped', 'a prompt is plain text, nothing is marked as escaped'],
])

/** @throws Failure for a filter that does not exist, as Jinja2 does before it renders */
export function checkFilter(name: string, at: number): void {
  check('filter', FILTERS, name, at)
}

/** @throws Failure for a test that does not exist */
export function checkTest(name: string, at: number): void {
  check('test', TESTS, name, at)
}

function check(what: string, known: ReadonlyMap<string, unknown>, name: string, at: number): void {
  if (known.has(name)) return
  const reason = REFUSED.get(name)
  const near = closest(name, [...known.keys()])
  const hint = reason ? `; ${reason}` : near ? `; did you mean \`${near}\`?` : ''
  throw new Failure(`there is no ${what} \`${name}\`${hint}`, { offset: at })
}
