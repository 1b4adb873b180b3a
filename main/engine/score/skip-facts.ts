import { asFailure, positionOf } from './jinja/failure.ts'
import type { Call, Comprehension, Expression, Target } from './jinja/nodes.ts'
import { parsePython } from './jinja/parse-python.ts'
import { PYTHON_FUNCTIONS } from './jinja/python-functions.ts'
import type { Place } from './source.ts'

/** What `skip_when` may ask of a sheet, in Marianne's words (§1.5). */
export const SHEET_FACTS = [
  'sheet_num',
  'status',
  'validation_passed',
  'last_pass_percentage',
  'attempt_count',
  'normal_attempts',
  'completion_attempts',
  'execution_mode',
  'exit_code',
  'error_code',
  'error_message',
  'input_tokens',
  'output_tokens',
  'total_cost_usd',
] as const

/** What it may ask of the job, in Marianne's words (§1.4). */
export const JOB_FACTS = [
  'name',
  'job_name',
  'status',
  'workspace',
  'sheets',
  'total_sheets',
  'last_completed_sheet',
  'completed_sheets',
  'failed_sheets',
  'skipped_sheets',
  'total_retry_count',
  'rate_limit_waits',
  'quota_waits',
  'total_input_tokens',
  'total_output_tokens',
  'total_estimated_cost',
] as const

/** What every mapping has. */
const METHODS = ['get', 'keys', 'values', 'items']

/** What an expression is about, where that is known without working it out. */
type About = 'sheets' | 'sheet' | 'job'

const KNOWN: Readonly<Record<About, readonly string[]>> = { sheets: METHODS, sheet: SHEET_FACTS, job: JOB_FACTS }

/** Something an expression asks for that nothing has: what of, and what there is. Place in the expression's own text. */
export interface UnknownFact extends Place {
  readonly about: About
  readonly name: string
  readonly known: readonly string[]
}

/** What a `skip_when` expression asks of sheets and job that they do not have. One that cannot be read asks for nothing. */
export function* unknownFacts(source: string): Generator<UnknownFact> {
  const found: Asked[] = []
  try {
    new Reader(found).read(parsePython(source, ['sheets', 'job', ...PYTHON_FUNCTIONS.keys()]), FREE)
  } catch (error) {
    asFailure(error, 'expression')
    return
  }
  for (const { about, name, at } of found.sort((a, b) => a.at - b.at)) {
    const known = KNOWN[about]
    if (!known.includes(name) && !METHODS.includes(name)) yield { about, name, known, ...positionOf(source, at) }
  }
}

interface Asked {
  readonly about: About
  readonly name: string
  readonly at: number
}

/** What names are about. */
type Names = ReadonlyMap<string, About | null>

const FREE: Names = new Map([
  ['sheets', 'sheets'],
  ['job', 'job'],
])

class Reader {
  readonly #found: Asked[]

  constructor(found: Asked[]) {
    this.#found = found
  }

  /** What the expression is about; notes what is asked for on the way. */
  read(node: Expression, names: Names): About | null {
    switch (node.type) {
      case 'name':
        return names.get(node.name) ?? null
      case 'attribute':
        return this.#ask(this.read(node.object, names), node.name, node.at)
      case 'item': {
        this.read(node.key, names)
        const about = this.read(node.object, names)
        if (about === 'sheets') return 'sheet'
        return node.key.type === 'constant' && typeof node.key.value === 'string'
          ? this.#ask(about, node.key.value, node.key.at)
          : null
      }
      case 'call':
        return this.#call(node, names)
      case 'comprehension':
        return this.#comprehension(node, names)
      case 'conditional': {
        this.read(node.test, names)
        const then = this.read(node.then, names)
        return (node.otherwise && this.read(node.otherwise, names)) ?? then
      }
      default:
        for (const part of partsOf(node)) this.read(part, names)
        return null
    }
  }

  #ask(about: About | null, name: string, at: number): About | null {
    if (about) this.#found.push({ about, name, at })
    return about === 'job' && name === 'sheets' ? 'sheets' : null
  }

  /** `sheets.get(1)` is a sheet. */
  #call({ callee, given }: Call, names: Names): About | null {
    this.read(callee, names)
    for (const part of [...given.positional, ...given.keywords.map(([, value]) => value)]) this.read(part, names)
    return methodOfSheets(callee, names) === 'get' ? 'sheet' : null
  }

  /** In `… for s in sheets.values()` each `s` is a sheet. */
  #comprehension({ target, source, element, tests }: Comprehension, names: Names): null {
    this.read(source, names)
    const method = source.type === 'call' ? methodOfSheets(source.callee, names) : null
    const inner = new Map(names)
    for (const name of namesIn(target)) inner.set(name, null)
    const last = target.type === 'targets' ? target.targets.at(-1) : target
    const bringsSheets = method === 'values' ? target.type === 'name' : method === 'items' && target.type === 'targets'
    if (bringsSheets && last?.type === 'name') inner.set(last.name, 'sheet')
    for (const part of [element, ...tests]) this.read(part, inner)
    return null
  }
}

/** The method's name, when it is one of all sheets. */
function methodOfSheets(callee: Expression, names: Names): string | null {
  if (callee.type !== 'attribute') return null
  return new Reader([]).read(callee.object, names) === 'sheets' ? callee.name : null
}

function namesIn(target: Target): readonly string[] {
  return target.type === 'targets' ? target.targets.flatMap(namesIn) : [target.name]
}

/** The expressions right inside another one that is about nothing itself. */
function partsOf(node: Expression): readonly Expression[] {
  switch (node.type) {
    case 'list':
    case 'tuple':
      return node.items
    case 'dict':
      return node.pairs.flat()
    case 'slice':
      return [node.object, node.start, node.stop, node.step].filter((part) => part !== null)
    case 'unary':
    case 'filter':
    case 'test':
      return [node.operand]
    case 'binary':
      return [node.left, node.right]
    case 'compare':
      return [node.first, ...node.rest.map(({ right }) => right)]
    default:
      return []
  }
}
