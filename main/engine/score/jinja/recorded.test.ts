import { describe, expect, it } from 'vitest'
import { renderTemplate, TemplateError } from '../template.ts'
import { FILTERS } from './filters.ts'
import { DICT_METHODS, LIST_METHODS } from './list-methods.ts'
import recorded from './recorded.json' with { type: 'json' }
import { TESTS } from './tests.ts'
import { TEXT_METHODS } from './text-methods.ts'

/*
 * `recorded.json` holds what Jinja2 3.1.6 (StrictUndefined, no autoescape, keep_trailing_newline) makes of many templates, recorded
 * from Jinja2 itself: rows of template and output by topic, and templates at which Jinja2 raises an error.
 */

const render = (template: string) => renderTemplate(template, recorded.variables)
const rows = (table: string[][]) => table.map(([template = '', output = '']): [string, string] => [template, output])

describe.each([
  ['filter', rows(recorded.filters)],
  ['test', rows(recorded.tests)],
  ['method', rows(recorded.methods)],
  ['expression', rows(recorded.expressions)],
  ['statement', rows(recorded.statements)],
  ['white space', rows(recorded.whitespace)],
])('renderTemplate prints what Jinja2 prints, %s', (_, table) => {
  it.each(table)('%j', (template, output) => {
    expect(render(template)).toBe(output)
  })
})

describe('renderTemplate refuses what Jinja2 refuses', () => {
  it.each(recorded.errors)('%j', (template) => {
    expect(() => render(template)).toThrow(TemplateError)
  })
})

describe('the recorded templates', () => {
  const shown = [...recorded.filters, ...recorded.tests, ...recorded.methods, ...recorded.statements]
    .map(([row]) => row)
    .join('\n')
  const missing = (names: Iterable<string>, pattern: (name: string) => RegExp) =>
    [...names].filter((name) => !pattern(name).test(shown))

  it('leave out no filter', () => {
    expect(missing(FILTERS.keys(), (name) => new RegExp(`\\|\\s*${name}\\b`))).toEqual([])
  })
  it('leave out no test', () => {
    expect(missing(TESTS.keys(), (name) => new RegExp(`is (not )?${name}|['"]${name}['"]`))).toEqual([])
  })
  it('leave out no method', () => {
    const names = [...TEXT_METHODS, ...LIST_METHODS, ...DICT_METHODS].map(([name]) => name)
    expect(missing(names, (name) => new RegExp(`\\.${name}\\(`))).toEqual([])
  })
})
