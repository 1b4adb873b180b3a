import { Failure } from './failure.ts'
import { toDict } from './list-methods.ts'
import { range } from './range.ts'
import { str } from './text.ts'
import { defined, type Keywords, Namespace, numeric, Thing, type Value } from './values.ts'

const global = (name: string, label: string, call: (args: readonly Value[], keywords: Keywords) => Value): [string, Thing] => [
  name,
  new Thing(label, call),
]

function rangeFrom(args: readonly Value[]): Value {
  const [first = 0, second, step = 1] = args.map((arg) => {
    const number = numeric(defined(arg))
    if (number === null || !Number.isInteger(number)) throw new Failure('`range` needs whole numbers')
    return number
  })
  if (args.length < 1 || args.length > 3) throw new Failure('`range` needs one, two or three numbers')
  return second === undefined ? range(0, first, 1) : range(first, second, step)
}

function namespace(args: readonly Value[], keywords: Keywords): Value {
  const fields = [...toDict(args[0] ?? [])].map(([name, value]): [string, Value] => [String(name), value])
  return new Namespace(new Map([...fields, ...keywords]))
}

/** Gives one of its values after the other, from the start again after the last. */
function cycler(values: readonly Value[]): Value {
  const [first] = values
  if (first === undefined) throw new Failure('`cycler` needs values')
  const fields = new Map<string, Value>([['current', first]])
  let at = 0
  const move = (to: number): Value => {
    at = to % values.length
    fields.set('current', values[at] ?? null)
    return null
  }
  const next = (): Value => {
    const value = values[at] ?? null
    move(at + 1)
    return value
  }
  fields.set('next', new Thing('<function next>', next))
  fields.set('reset', new Thing('<function reset>', () => move(0)))
  return new Thing('cycler', null, fields)
}

/** Gives nothing the first time, and the separator every time after. */
function joiner([given]: readonly Value[], keywords: Keywords): Value {
  const separator = str(given ?? keywords.get('sep') ?? ', ')
  let used = false
  return new Thing('joiner', () => {
    const text = used ? separator : ''
    used = true
    return text
  })
}

function lipsum(): never {
  throw new Failure('`lipsum` makes up text at random; write the text a prompt needs')
}

/** The functions every template knows. */
export const GLOBALS: ReadonlyMap<string, Value> = new Map<string, Value>([
  global('range', "<class 'range'>", rangeFrom),
  global('dict', "<class 'dict'>", (args, keywords) => new Map([...toDict(args[0] ?? []), ...keywords])),
  global('namespace', "<class 'jinja2.utils.Namespace'>", namespace),
  global('cycler', "<class 'jinja2.utils.Cycler'>", cycler),
  global('joiner', "<class 'jinja2.utils.Joiner'>", joiner),
  global('lipsum', '<function lipsum>', lipsum),
])
