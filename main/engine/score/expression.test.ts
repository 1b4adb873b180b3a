import { describe, expect, it } from 'vitest'
import { checkExpression, ExpressionError, evaluateExpression, expressionHolds } from './expression.ts'

const names = {
  sheets: {
    1: { status: 'completed', validation_passed: true, attempt_count: 1, error_code: null },
    2: { status: 'failed', validation_passed: false, attempt_count: 3, error_code: 'E203' },
    3: { status: 'pending', validation_passed: null, attempt_count: 0, error_code: null },
  },
  job: { name: 'demo', total_sheets: 3, tags: ['a', 'b'], cost: 1.5 },
}

const evaluate = (source: string) => evaluateExpression(source, names)

describe('an expression', () => {
  it.each<[string, unknown]>([
    ["sheets[1].status == 'completed'", true],
    ["sheets[1]['status']", 'completed'],
    ['sheets.get(2).error_code', 'E203'],
    ['sheets.get(9)', null],
    ["sheets.get(9, {'status': 'none'}).status", 'none'],
    ['sheets[1].error_code is None', true],
    ['sheets[2].error_code is not None', true],
    ['sheets[1].validation_passed is True', true],
    ['sheets[1].validation_passed and not sheets[2].validation_passed', true],
    ['sheets[3].validation_passed or "unknown"', 'unknown'],
    ['1 in sheets', true],
    ['9 not in sheets', true],
    ["'b' in job.tags", true],
    ["sheets[2].error_code in ('E201', 'E203')", true],
    ['0 < sheets[2].attempt_count <= 3', true],
    ['3 > 2 > 2', false],
    ["'yes' if sheets[1].validation_passed else 'no'", 'yes'],
    ['1 if False else 2 if False else 3', 3],
    ['sheets[1].attempt_count + sheets[2].attempt_count * 2', 7],
    ['-2 ** 2', -4],
    ['2 ** -1', 0.5],
    ['2 ** 3 ** 2', 512],
    ['7 // 2 + 7 % 4', 6],
    ['-7 // 2', -4],
    ['job.cost * 2', 3],
    ['1 == 1.0 == True', true],
    ["job.name.upper() + '!'", 'DEMO!'],
    ['job.tags[-1]', 'b'],
    ['job.tags[:1]', ['a']],
    ["(1, 'x', None, 2.5)", [1, 'x', null, 2.5]],
    ["{'a': 1}", { a: 1 }],
    ['len(sheets)', 3],
    ['any(s.status == "failed" for s in sheets.values())', true],
    ['all(s.status == "completed" for s in sheets.values())', false],
    ['all(s.validation_passed for n, s in sheets.items() if n < 2)', true],
    ['sum(s.attempt_count for s in sheets.values())', 4],
    ['max(s.attempt_count for s in sheets.values())', 3],
    ['min(3, 1, 2)', 1],
    ['max([], default=0)', 0],
    ['sorted([3, 1, 2])', [1, 2, 3]],
    ['sorted([3, 1, 2], reverse=True)', [3, 2, 1]],
    ['sorted(sheets)', [1, 2, 3]],
    ['len(sorted(n for n in sheets if n > 1))', 2],
    ['any([])', false],
    ['all([])', true],
    ['abs(-3)', 3],
    ['round(2.5)', 2],
    ['round(2.675, 2)', 2.67],
    ["int('12') + int(2.9)", 14],
    ["float('1.5')", 1.5],
    ['str(12) + str(None)', '12None'],
    ['bool([])', false],
    ['(sheets[1].status ==\n  "completed")', true],
  ])('%s is %j', (source, value) => {
    expect(evaluate(source)).toEqual(value)
    expect(checkExpression(source)).toBeNull()
  })

  it.each([
    ['[]', false],
    ['{}', false],
    ["''", false],
    ['0.0', false],
    ['None', false],
    ['[0]', true],
    ["'False'", true],
    ['sheets', true],
  ])('%s counts as %s', (source, expected) => {
    expect(expressionHolds(source, names)).toBe(expected)
  })

  it.each([
    ['sheet[1]', 1, 1, 'did you mean `sheets`?'],
    ['1 +', 1, 4, 'the end of the expression does not fit here'],
    ['', 1, 1, 'does not fit here'],
    ['(1', 1, 1, 'never closed'],
    ['1 if True', 1, 3, 'needs an `else`'],
    ['lambda: 1', 1, 1, '`lambda` cannot be used here'],
    ['[s for s in sheets]', 1, 4, '`for` does not fit here'],
    ['x := 1', 1, 3, '`:` does not fit here'],
    ['job = 1', 1, 5, '`=` does not fit here'],
    ['f"{job}"', 1, 2, 'a text in quotes does not fit here'],
    ['sheets | length', 1, 8, '`|` does not fit here'],
    ['1 ~ 2', 1, 3, '`~` does not fit here'],
    ['job.name is defined', 1, 13, '`defined` is not known'],
    ["__import__('os').system('id')", 1, 1, '`__import__` is not known'],
    ['open("/etc/passwd")', 1, 1, '`open` is not known'],
    ['eval("1")', 1, 1, '`eval` is not known'],
    ['globalThis', 1, 1, 'is not known'],
    ['sheets[1].status\n  == nope', 2, 6, '`nope` is not known'],
    ['any(x for y in sheets)', 1, 5, '`x` is not known'],
    ['import os', 1, 1, '`import` cannot be used here'],
    ['1; 2', 1, 2, '`;` does not belong here'],
  ])('%j is refused at its place', (source, line, column, message) => {
    const fault = checkExpression(source)
    expect(fault).toMatchObject({ line, column })
    expect(fault?.message).toContain(message)
    expect(() => evaluate(source)).toThrow(ExpressionError)
  })

  it.each([
    ['sheets[9].status', 'has no `9`'],
    ['sheets[1].nope == 1', '`nope`'],
    ['sheets[9] is None', 'has no `9`'],
    ['job.name + 1', '`+` does not work'],
    ['1 / 0', 'division by zero'],
    ['job.name < 1', 'order'],
    ['job.name()', 'not a function'],
    ['len(1)', 'no length'],
    ["int('x')", 'whole number of x'],
    ["int('1.5')", 'whole number of 1.5'],
    ['max([])', 'nothing to choose from'],
    ['len(sheets, 1)', 'at most 1'],
    ['sorted(key=1)', 'no argument `key`'],
    ['len.constructor', '`constructor`'],
    ['job.constructor', '`constructor`'],
    ['job.__class__', '`__class__`'],
    ['sheets.__proto__', '`__proto__`'],
    ['"{0.__class__}".format(job)', '`__class__`'],
    ["'x' * 10 ** 9", 'longer than'],
    ['9 ** 9 ** 9', 'no finite value'],
  ])('%s cannot be worked out', (source, message) => {
    expect(() => evaluate(source)).toThrow(ExpressionError)
    expect(() => evaluate(source)).toThrow(message)
  })

  it('that is nested too deeply is refused', () => {
    expect(checkExpression('('.repeat(20_000) + ')'.repeat(20_000))?.message).toContain('nested too deeply')
  })

  it('changes nothing of what it is given', () => {
    expect(evaluate("job.tags.append('c') or job.update({'name': 'x'})")).toBeNull()
    expect(names.job).toMatchObject({ name: 'demo', tags: ['a', 'b'] })
  })
})
