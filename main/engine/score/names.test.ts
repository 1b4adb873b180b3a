import { describe, expect, it } from 'vitest'
import { undefinedNames } from './names.ts'

const names = (template: string, given: string[] = []) => [...undefinedNames(template, given)].map(({ name }) => name)

describe('undefinedNames', () => {
  it.each([
    ['{{ sheet_num }}{{ movement }}{{ range(3) }}{{ true }}', []],
    ['{{ b }}{{ a.x }}{{ a[key] }}', ['b', 'a', 'key']],
    ['{{ a | join(sep) }}{{ f(x, y=z) }}', ['a', 'sep', 'f', 'x', 'z']],
    ['{% for k, v in map.items() if k %}{{ k }}{{ v }}{{ loop.index }}{% else %}{{ e }}{% endfor %}', ['map', 'e']],
    ['{% set n = namespace(i=0) %}{% set n.i = n.i + step %}{% set t %}{{ u }}{% endset %}{{ t }}', ['step', 'u']],
    ['{% macro m(a, b=c) %}{{ a }}{{ caller() }}{% endmacro %}{% call(q) m(1) %}{{ q }}{% endcall %}', ['c']],
    ['{% with x = y %}{{ x }}{% endwith %}', ['y']],
    ['{{ maybe | default("") }}{{ other | d(1) }}{{ x.y | default(1) }}', ['x']],
    ['{% if flag is defined %}{{ flag }}{% endif %}{{ no is not defined }}', []],
    ['{% raw %}{{ a }}{% endraw %}{# {{ b }} #}', []],
  ])('in %s are %j', (template, found) => {
    expect(names(template)).toEqual(found)
  })
  it('does not tell what the score gives', () => {
    expect(names('{{ topic }}{{ tpic }}', ['topic'])).toEqual(['tpic'])
  })
  it('tells where each name stands first', () => {
    expect([...undefinedNames('a\r\n  {{ x }} {{ x }}', [])]).toEqual([{ name: 'x', line: 2, column: 6 }])
  })
})
