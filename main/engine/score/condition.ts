/** One comparison of a validation's `condition`. */
interface Clause {
  readonly variable: string
  readonly operator: Operator
  readonly value: number | string
}

/** A validation's `condition`, read: all of its comparisons must hold. */
export type Condition = readonly Clause[]

type Operator = '==' | '!=' | '<' | '<=' | '>' | '>='

/** One comparison and the `and` after it, or the end. */
const CLAUSE = /\s*([A-Za-z_]\w*)\s*(==|!=|<=|>=|<|>)\s*(?:([-+]?\d+)|'([^']*)'|"([^"]*)")(\s+and\s|\s*$)/y

/**
 * Reads `stage >= 2 and voice == 1` (Marianne §7.7): comparisons with whole numbers, joined by `and`. Beyond Marianne, `==` and
 * `!=` also compare with a text in quotes.
 * @returns null when it is nothing of the kind; the rule then always applies, and its author should be told
 */
export function parseCondition(text: string): Condition | null {
  const clauses: Clause[] = []
  for (let at = 0, more = true; more; at = CLAUSE.lastIndex) {
    CLAUSE.lastIndex = at
    const [, variable, operator, whole, single, double, next = ''] = CLAUSE.exec(text) ?? []
    if (variable === undefined || !isOperator(operator)) return null
    const quoted = single ?? double
    if (quoted !== undefined && operator !== '==' && operator !== '!=') return null
    clauses.push({ variable, operator, value: quoted ?? Number(whole) })
    more = next.trim() === 'and'
  }
  return clauses
}

/** Whether a rule with this condition applies. Where a variable is unknown or of another kind, it does: better checked than missed. */
export function conditionHolds(condition: Condition, variables: Readonly<Record<string, unknown>>): boolean {
  const known = condition.every(({ variable, value }) => {
    return Object.hasOwn(variables, variable) && typeof variables[variable] === typeof value
  })
  return !known || condition.every((clause) => holds(clause, variables[clause.variable]))
}

function isOperator(text: string | undefined): text is Operator {
  return text !== undefined && ['==', '!=', '<', '<=', '>', '>='].includes(text)
}

function holds({ operator, value }: Clause, given: unknown): boolean {
  if (operator === '==') return given === value
  if (operator === '!=') return given !== value
  const [left, right] = [Number(given), Number(value)]
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  return operator === '>' ? left > right : left >= right
}
