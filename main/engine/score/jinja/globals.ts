import { Failure } from './failure.ts'
import { spend } from './limits.ts'
import { toDict } from './members.ts'
import { Callable, defined, Namespace, numeric, type Value } from './values.ts'

/** As many items as Jinja2's sandbox allows. */
const MAX_RANGE = 100_000

function range(args: readonly Value[]): Value {
  const numbers = args.map((arg) => {
    const number = numeric(defined(arg))
    if (number === null || !Number.isInteger(number)) throw new Failure('`range` needs whole numbers')
    return number
  })
  if (numbers.length < 1 || numbers.length > 3) throw new Failure('`range` needs one, two or three numbers')
  const [start = 0, stop = 0, step = 1] = numbers.length === 1 ? [0, numbers[0]] : numbers
  if (step === 0) throw new Failure('the step of `range` cannot be zero')
  const count = Math.max(0, Math.ceil((stop - start) / step))
  if (count > MAX_RANGE) throw new Failure(`\`range\` may have at most ${MAX_RANGE} items`)
  spend(count)
  return Array.from({ length: count }, (_, index) => start + index * step)
}

const dict = new Callable('dict', (args, keywords) => new Map([...toDict(args[0] ?? []), ...keywords]))

const namespace = new Callable('namespace', (args, keywords) => {
  const fields = [...toDict(args[0] ?? [])].map(([name, value]): [string, Value] => [String(name), value])
  return new Namespace(new Map([...fields, ...keywords]))
})

/** The names every template knows. */
export const GLOBALS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
  ['range', new Callable('range', (args) => range(args))],
  ['dict', dict],
  ['namespace', namespace],
])
