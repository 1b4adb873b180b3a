import { FermataError } from '../errors.ts'
import { Evaluator } from './jinja/evaluate.ts'
import { asFailure, type Failure, positionOf, sentence } from './jinja/failure.ts'
import { limited } from './jinja/limits.ts'
import { parsePython } from './jinja/parse-python.ts'
import { PYTHON_FUNCTIONS } from './jinja/python-functions.ts'
import { Scope } from './jinja/scope.ts'
import { str } from './jinja/text.ts'
import { defined, Float, iterate, Once, truthy, type Value } from './jinja/values.ts'
import { fromVariable } from './variables.ts'

/** What the expressions of `sheet.skip_when` may name: the job's sheets by number, and the job. */
const NAMES = ['sheets', 'job']

/** An expression that cannot be read or worked out. Line and column count from 1, in the expression's own text. */
export class ExpressionError extends FermataError {
  readonly line: number
  readonly column: number

  constructor(source: string, failure: Failure, at: number) {
    const { line, column } = positionOf(source, at)
    super('EXPRESSION', `Expression line ${line}, column ${column}: ${sentence(failure.message)}`, {
      remedy: 'Correct the expression at this place.',
      cause: failure,
    })
    this.line = line
    this.column = column
  }
}

/** What is wrong with an expression, for a diagnostic. */
export interface ExpressionFault {
  readonly message: string
  readonly line: number
  readonly column: number
}

/**
 * Works out a Python expression (Marianne §7.8, `skip_when`): literals, `and or not`, comparisons, `in`, `is`, arithmetic,
 * indexing, attributes, methods of texts, lists and dicts, `a if b else c`, a few functions, and `… for x in …` inside their
 * brackets. It is bounded in steps and in size, and reaches nothing but `names`.
 * @param names plain JSON values; keys that look like integers are integers
 * @returns plain JSON values
 * @throws ExpressionError for wrong syntax, an unknown name, a missing value or a wrong use of one
 */
export function evaluateExpression(source: string, names: Readonly<Record<string, unknown>>): unknown {
  return work(source, names, plain)
}

/** Whether an expression comes out true as Python counts it: `0`, `''`, `None` and what is empty are false. @throws ExpressionError */
export function expressionHolds(source: string, names: Readonly<Record<string, unknown>>): boolean {
  return work(source, names, truthy)
}

/** Checks the syntax and the names of a `skip_when` expression without working it out; null when it is valid. */
export function checkExpression(source: string): ExpressionFault | null {
  try {
    parsePython(source, [...NAMES, ...PYTHON_FUNCTIONS.keys()])
    return null
  } catch (error) {
    const failure = asFailure(error, 'expression')
    return { message: sentence(failure.message), ...positionOf(source, failure.offset ?? 0) }
  }
}

function work<T>(source: string, names: Readonly<Record<string, unknown>>, read: (value: Value) => T): T {
  const evaluator = new Evaluator()
  try {
    const node = parsePython(source, [...Object.keys(names), ...PYTHON_FUNCTIONS.keys()])
    return limited(() => {
      const given = Object.entries(names).map(([name, value]): [string, Value] => [name, fromVariable(value)])
      return read(evaluator.value(node, new Scope(null, [...PYTHON_FUNCTIONS, ...given])))
    })
  } catch (error) {
    const failure = asFailure(error, 'expression')
    throw new ExpressionError(source, failure, failure.offset ?? evaluator.at)
  }
}

function plain(given: Value): unknown {
  const value = defined(given)
  if (value instanceof Float) return value.value
  if (Array.isArray(value) || value instanceof Once) return iterate(value).map(plain)
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, entry]) => [String(key), plain(entry)]))
  return value === null || typeof value !== 'object' ? value : str(value)
}
