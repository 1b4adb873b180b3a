import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkTemplate, renderTemplate, TemplateError } from './template.ts'

const variables = { name: 'Ada', xs: [3, 1, 2], d: { b: 1, a: 2 }, people: { 1: { name: 'Ann' } }, rows: [{ k: 'x', v: 2 }] }

const render = (template: string, given: Record<string, unknown> = variables) => renderTemplate(template, given)

function failure(template: string, given: Record<string, unknown> = variables): TemplateError {
  try {
    render(template, given)
  } catch (error) {
    if (error instanceof TemplateError) return error
    throw error
  }
  throw new Error(`"${template}" was rendered`)
}

describe('a missing name', () => {
  it.each([
    ['{{ missing }}', 'missing', 4],
    ['{% if missing %}{% endif %}', 'missing', 7],
    ['{{ 1 + missing }}', 'missing', 8],
    ['{{ missing == 1 }}', 'missing', 4],
    ['{{ missing ~ "x" }}', 'missing', 4],
    ['{{ "x" in missing }}', 'missing', 11],
    ['{{ missing|upper }}', 'missing', 4],
    ['{{ missing.x|default(1) }}', 'missing', 4],
    ['{% for x in missing %}{% endfor %}', 'missing', 13],
    ['{{ d.nope }}', 'd.nope', 6],
    ['{{ d.a.b }}', 'd.a.b', 8],
    ['{{ people[1].age }}', 'age', 14],
    ['{{ name.constructor }}', 'name.constructor', 9],
  ])('%s stops at its use', (template, name, column) => {
    const error = failure(template)
    expect(error).toMatchObject({ code: 'TEMPLATE_RENDER', undefinedName: name, line: 1, column })
    expect(error.remedy).toContain('default')
  })
  it('comes with the name that was meant', () => {
    expect(failure('{{ sheet_nmu }}', { sheet_num: 1 }).message).toBe(
      'Template line 1, column 4: `sheet_nmu` is not defined; did you mean `sheet_num`?',
    )
  })
  it('may be passed around as long as nothing uses it', () => {
    expect(render('{% set x = missing %}{{ x is defined }}{{ [x]|length }}')).toBe('False1')
  })
  it('is not the same as none', () => {
    expect(render('{{ d.a }}{{ d.a is defined }}{{ l[0] }}{{ l|first }}{{ d.get("a", 1) }}', { d: { a: null }, l: [null] })).toBe(
      'NoneTrueNoneNoneNone',
    )
  })
})

describe('a wrong template', () => {
  it.each<readonly [template: string, line: number, column: number, message: string]>([
    ['{{ a', 1, 1, 'never closed'],
    ['x\n  {% if a %}', 2, 6, '`if` is never closed by `endif`'],
    ['{% endif %}', 1, 4, '`endif` closes nothing'],
    ['{% for x in xs %}{% endif %}', 1, 21, '`endfor` is expected'],
    ['{% else %}', 1, 4, 'belongs to no'],
    ['\n\n{% fro x in y %}', 3, 4, 'did you mean `for`?'],
    ...['do', 'break', 'continue', 'trans', 'debug'].map(
      (name) => [`{% ${name} %}`, 1, 4, `\`${name}\` is not a statement`] as const,
    ),
    ...['include', 'import', 'from', 'extends', 'block'].map(
      (name) => [`{% ${name} "x" %}`, 1, 4, 'a template stands alone'] as const,
    ),
    ['{% autoescape true %}{% endautoescape %}', 1, 4, 'nothing is escaped by itself'],
    ['{{ (1 }}', 1, 4, '`(` is never closed'],
    ['{{ 1) }}', 1, 5, '`)` closes nothing'],
    ['{{ "abc }}', 1, 4, 'quotes'],
    ['{{ }}', 1, 4, '`}}` does not fit here'],
    ['{{ a b }}', 1, 6, '`b` does not fit here'],
    ['{{ 1 + }}', 1, 8, 'does not fit here'],
    ['{# x', 1, 1, 'comment'],
    ['{% raw %}x', 1, 1, '`raw` is never closed'],
    ['{{ x|uper }}', 1, 6, 'did you mean `upper`?'],
    ['{{ x is defind }}', 1, 9, 'did you mean `defined`?'],
    ['{{ x|pprint }}', 1, 6, 'no filter `pprint`; write `| tojson(indent=2)`'],
    ['{{ x|random }}', 1, 6, 'no filter `random`'],
    ['{{ x|striptags }}', 1, 6, 'no filter `striptags`'],
    ['{{ x|urlize }}', 1, 6, 'no filter `urlize`'],
    ['{{ x is escaped }}', 1, 9, 'no test `escaped`'],
    ["{{ 'upper' is filter }}", 1, 15, 'no test `filter`'],
    ["{{ 'odd' is test }}", 1, 13, 'no test `test`'],
    ['{{ x is }}', 1, 9, 'name of a test'],
    ['{{ [1 2] }}', 1, 7, '`2` does not fit here'],
    ['{{ f(a=1, 2) }}', 1, 11, 'an argument by place cannot follow one by name'],
    ['{% set x[0] = 1 %}', 1, 9, '`[` does not fit here'],
    ['{% set 1 = 2 %}', 1, 8, 'only a name can be set'],
    ['{% macro m(a=1, b) %}{% endmacro %}', 1, 17, 'without a default'],
    ['{% call 1 %}{% endcall %}', 1, 9, '`call` needs a call'],
    ['{{ "\\N{BULLET}" }}', 1, 4, 'the escape `\\N`'],
    ['{{ 100000000000000000000 }}', 1, 4, 'too large for an exact integer'],
    ['{{ ? }}', 1, 4, '`?` does not belong here'],
  ])('%j is refused at its place', (template, line, column, message) => {
    expect(failure(template)).toMatchObject({ code: 'TEMPLATE_SYNTAX', line, column })
    expect(failure(template).message).toContain(message)
    expect(checkTemplate(template)).toMatchObject({ line, column })
  })
  it.each([
    ["{{ 'a' + 1 }}", 8, '`+` does not work'],
    ['{{ 1 / 0 }}', 6, 'division by zero'],
    ["{{ [1, 'a']|sort }}", 13, 'order'],
    ['{{ name() }}', 4, 'not a function'],
    ['{{ xs|round }}', 7, '`round` needs a number'],
    ["{{ 'x'|replace('x', 'y', 1, 2) }}", 8, 'at most 3'],
    ["{{ 'x'|truncate(lenght=3) }}", 8, 'no argument `lenght`'],
    ['{{ 9007199254740991 + 1 }}', 21, 'exact integer'],
    ["{{ xs|map('string') }}", 7, 'write `| list`'],
    ['{{ lipsum() }}', 4, '`lipsum` makes up text'],
    ['{% for a, b in [[1]] %}{% endfor %}', 8, '2 name(s) cannot take'],
    ['{% macro m(a) %}{% endmacro %}{{ m(b=1) }}', 34, 'no argument `b`'],
    ['{% for x in xs %}{{ loop(xs) }}{% endfor %}', 21, 'recursive'],
    ['{{ {1.5: 2} }}', 5, 'cannot be the key of a dict'],
  ])('%j fails at its place', (template, column, message) => {
    expect(failure(template)).toMatchObject({ code: 'TEMPLATE_RENDER', line: 1, column })
    expect(failure(template).message).toContain(message)
  })
  it('is found on its line, whatever the line ends', () => {
    expect(failure('a\r\nb\r\n  {{ nope }}')).toMatchObject({ line: 3, column: 6 })
  })
})

describe('a template', () => {
  it('sees data only', () => {
    expect(failure('{{ f }}', { f: () => 1 }).message).toContain('cannot be a function')
  })
  it('cannot change the variables it is given', () => {
    const given = { xs: [1], d: { a: 1 } }
    render('{{ xs.append(2) }}{{ d.update(b=2) }}', given)
    expect(given).toEqual({ xs: [1], d: { a: 1 } })
  })
  it('sees keys that look like integers as integers, in the order they were written', () => {
    const chars = {
      $dict: [
        [2, 'b'],
        ['1', 'a'],
        ['x', 'c'],
      ],
    }
    expect(render('{{ chars }} {{ chars[1] }} {{ plain[7] }}', { chars, plain: { '7': 'seven' } })).toBe(
      "{2: 'b', 1: 'a', 'x': 'c'} a seven",
    )
  })
  it('either renders or explains itself, whatever it says', { timeout: 60_000 }, () => {
    const parts = [
      '{{',
      '}}',
      '{%',
      '%}',
      '{#',
      '#}',
      'if ',
      'for ',
      'x in xs',
      'endif',
      'endfor',
      '|',
      'upper',
      '(',
      ')',
      '[',
      ']',
    ]
    const more = ['.', 'is ', 'not ', 'in ', '"', '-', '1', ' ', ':', ',', '{', '}', 'set x = ', 'name', '~', '%', 'else']
    const piece = fc.oneof(fc.constantFrom(...parts, ...more), fc.string({ maxLength: 3 }))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        try {
          return typeof render(pieces.join('')) === 'string'
        } catch (error) {
          return error instanceof TemplateError && error.line >= 1 && error.column >= 1
        }
      }),
      { numRuns: 1000 },
    )
  })
})
