import { describe, expect, it } from 'vitest'
import { renderTemplate, TemplateError } from '../../../main/engine/score/template.ts'

class Secret {
  get token(): string {
    return 'hunter2'
  }
}

const variables = { name: 'Ada', xs: [3, 1, 2], d: { b: 1, a: 2 }, rows: [{ k: 'x', v: 2 }] }

/** What comes of a template: its text, or null when it is refused. */
function outcome(template: string, given: Record<string, unknown> = variables): string | null {
  try {
    return renderTemplate(template, given)
  } catch (error) {
    if (error instanceof TemplateError) return null
    throw error
  }
}

/** Templates with a title short enough to read. */
const titled = <T extends unknown[]>(rows: readonly (readonly [string, ...T])[]) =>
  rows.map(([template, ...rest]): [string, string, ...T] => [template.slice(0, 80), template, ...rest])

describe('a template has no way to JavaScript', () => {
  it.each([
    '{{ name.constructor.constructor("return 1")() }}',
    '{{ xs.__proto__ }}',
    '{{ d["__proto__"] }}',
    '{{ d["constructor"] }}',
    '{{ d.hasOwnProperty }}',
    '{{ range.call }}',
    '{{ range.constructor }}',
    '{{ xs.constructor }}',
    '{{ xs["map"] }}',
    '{{ (1).toFixed }}',
    '{{ constructor }}',
    '{{ globalThis }}',
    '{{ process }}',
    '{{ __proto__ }}',
    '{{ "{0.constructor}".format(name) }}',
    '{{ "{0[__proto__]}".format(d) }}',
    '{{ rows|map(attribute="constructor")|list|first }}',
    '{{ rows|map(attribute="__proto__.constructor")|list }}',
    '{{ rows|map("constructor")|list }}',
    '{{ rows|selectattr("v", "constructor")|list }}',
    '{{ namespace().constructor }}',
    '{{ dict(constructor=1)["hasOwnProperty"] }}',
    '{{ name.__class__ }}',
    '{{ "".__class__.__mro__[1].__subclasses__() }}',
    '{{ cycler.__init__.__globals__.os.popen("id").read() }}',
    '{{ self.__init__.__globals__ }}',
    '{{ lipsum.__globals__ }}',
    '{{ require("fs") }}',
    '{{ import("fs") }}',
    '{{ this }}',
    '{{ module }}',
    '{{ Function("return 1")() }}',
    '{{ xs|attr("constructor") }}',
    '{{ name|attr("__proto__") }}',
    '{{ xs.length }}',
    '{{ xs["length"] }}',
    '{{ name["at"] }}',
    '{{ xs.concat }}',
    '{{ d.size }}',
    '{{ d.entries }}',
    '{{ range(3).bounds }}',
    '{{ range(3).kind }}',
    '{{ d.keys().kind }}',
    '{{ namespace(a=1).fields }}',
    '{{ cycler("a").call }}',
    '{{ joiner().constructor }}',
    '{% for x in xs %}{{ loop.constructor }}{% endfor %}',
    '{% macro m() %}{% endmacro %}{{ m.call }}',
    '{% macro m() %}{% endmacro %}{{ m.constructor("return 1")() }}',
    '{{ name.upper.constructor }}',
    '{{ name.upper.call }}',
    '{{ "{0.__class__}".format(name) }}',
    '{{ "{0.upper.constructor}".format(name) }}',
    '{{ "{a.__proto__}".format(a=d) }}',
    '{{ "{a[constructor]}".format_map({"a": xs}) }}',
    '{{ "%(constructor)s"|format(a=1) }}',
    '{{ "%(__proto__)s" % d }}',
    '{{ dict(**d)["toString"] }}',
    '{{ xs|sort(attribute="constructor") }}',
    '{{ rows|sum(attribute="constructor.name") }}',
    '{{ xs|map("__proto__")|list }}',
    '{{ xs|map("toString")|list }}',
    '{{ 1 is constructor }}',
    '{{ 1|constructor }}',
    '{{ xs|select("__proto__")|list }}',
  ])('%s is refused', (template) => {
    expect(outcome(template)).toBeNull()
  })

  it.each([
    ['{% set __proto__ = 1 %}{{ __proto__ }}', '1'],
    ['{% set constructor = 5 %}{{ constructor + 1 }}', '6'],
    ['{% set ns = namespace(__proto__=1) %}{{ ns.__proto__ }}', '1'],
    ['{% set ns = namespace() %}{% set ns.constructor = 2 %}{{ ns.constructor }}', '2'],
    ['{% set _ = d.update({"__proto__": {"polluted": 1}}) %}{{ d["__proto__"] }}', "{'polluted': 1}"],
    ['{% macro constructor(__proto__) %}{{ __proto__ }}{% endmacro %}{{ constructor(3) }}', '3'],
    ['{{ dict(__proto__=1) }}', "{'__proto__': 1}"],
    ['{{ "${1 + 1}" ~ "$&" }}', '${1 + 1}$&'],
    ['{{ "a"|replace("a", "$&$1") }}', '$&$1'],
    ['{{ [d]|map(attribute="hasOwnProperty")|list }}', '[Undefined]'],
    ['{{ rows|groupby("__proto__") }}', "[(Undefined, [{'k': 'x', 'v': 2}])]"],
  ])('%s is a name or a text like any other', (template, output) => {
    expect(outcome(template)).toBe(output)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('not even through what it is given', () => {
    expect(outcome('{{ f }}', { f: () => 1 })).toBeNull()
    expect(outcome('{{ s.token }}', { s: new Secret() })).toBeNull()
    expect(outcome('{{ s.then }}', { s: Promise.resolve(1) })).toBeNull()
    expect(outcome('{{ s }}', { s: Symbol('x') })).toBeNull()
  })
})

describe('a template that would hang the app', () => {
  it.each(
    titled([
      ['{{ range(10 ** 9) }}'],
      ['{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}'],
      ["{{ 'x' * 10 ** 9 }}"],
      ['{{ [1] * 10 ** 9 }}'],
      ["{{ 'x'.ljust(10 ** 9) }}"],
      ["{{ 'x'|center(10 ** 9) }}"],
      ["{{ '%999999999d' % 1 }}"],
      ["{{ '{:>999999999}'.format(1) }}"],
      ["{{ 'a\nb'|indent(10 ** 9) }}"],
      ["{% set ns = namespace(s='xxxxxxxxxx') %}{% for i in range(40) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}"],
      ["{% set s = 'x' * 100000 %}{{ s|replace('x', s) }}"],
      ["{% set s = 'x' * 100000 %}{{ ([s] * 100000)|join }}"],
      ['{% set ns = namespace(l=[1]) %}{% for i in range(40) %}{% set ns.l = ns.l + ns.l %}{% endfor %}'],
      ["{% set big = 'x' * 9999999 %}{{ big }}{{ big }}"],
      ['{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}'],
      ['{% set l = [] %}{{ l.append(l) }}{{ l }}'],
      [`{{ ${'('.repeat(20_000)}1${')'.repeat(20_000)} }}`],
      ['{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}'],
      ['{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}'],
      [
        '{% set ns = namespace(l=[1]) %}{% for i in range(19) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}{{ ns.l }}{{ ns.l }}{{ ns.l|tojson }}',
      ],
      ['{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}'],
      ['{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}'],
      [
        '{% set ns = namespace(l=[1], m=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% set ns.m = [ns.m, ns.m] %}{% endfor %}{{ ns.l == ns.m }}',
      ],
      ["{{ range(99999)|map('string')|map('center', 9999999)|list|length }}"],
      ["{{ range(99999)|unique|map('int')|list|length }}{{ range(99999)|map('float')|unique|list|length }}"],
      ['{% for n in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}'],
      ['{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}'],
      ['{% macro m() %}{{ caller() }}{% endmacro %}{% macro n() %}{% call m() %}{{ n() }}{% endcall %}{% endmacro %}{{ n() }}'],
      ['{% set l = [1] %}{% for x in l %}{{ l.append(1) }}{% endfor %}{{ l * 999999 }}'],
      ["{{ 'x'.zfill(10 ** 9) }}"],
      ["{{ '\t'.expandtabs(10 ** 9) }}"],
      ["{{ 'a'.rjust(10 ** 9, 'b') }}"],
      ["{{ ('x' * 9999999)|replace('', 'yyy') }}"],
      ["{{ '%.999999999f' % 1.5 ~ '%999999999s' % 'a' }}"],
      ["{{ '{:>{w}}'.format(1, w=10 ** 9) }}"],
      ["{{ 'a b'|wordwrap(1, wrapstring='x' * 9999999) ~ 'a b c'|wordwrap(1, wrapstring='x' * 9999999) }}"],
      ["{{ 'a'|indent('x' * 9999999, first=true) ~ 'a\nb'|indent('x' * 9999999) }}"],
      ['{{ [1]|batch(10 ** 9, 0)|list }}'],
      ['{{ [1]|slice(10 ** 9)|list }}'],
      ['{{ {"a": 1}|tojson(10 ** 9) }}'],
      ['{{ 9 ** 9 ** 9 }}'],
      ['{{ 10.0 ** 400 }}'],
      ['{{ range(0, 10 ** 15, 1) }}'],
      ['{{ range(99999)|list * 99999 }}'],
      [
        '{{ dict(range(99999)|map("string")|batch(2)) ~ range(99999)|list ~ range(99999)|list ~ range(99999)|list ~ range(99999)|list ~ range(99999)|list ~ range(99999)|list ~ range(99999)|list ~ range(99999)|list ~ range(99999)|list ~ range(99999)|list }}',
      ],
      ["{% set s = 'ab' * 999999 %}{% for i in range(99999) %}{{ s.count('b') }}{% endfor %}"],
      ["{% set s = 'ab' * 999999 %}{% for i in range(99999) %}{% if s in s ~ 'c' %}{% endif %}{% endfor %}"],
      ["{% set s = 'a ' * 999999 %}{% for i in range(99999) %}{% set _ = s.split() %}{% endfor %}"],
      ["{% set s = 'a' * 999999 %}{% for i in range(99999) %}{% set _ = s.upper() %}{% endfor %}"],
      ["{% set s = 'a' * 999999 %}{% for i in range(99999) %}{% set _ = s == s ~ 'b' %}{% endfor %}"],
      ["{% set s = 'a' * 999999 %}{% for i in range(99999) %}{% set _ = s|urlencode|escape|title|wordcount %}{% endfor %}"],
      ['{% set l = range(99999)|list %}{% for i in l %}{% set _ = i in l %}{% endfor %}'],
      ['{% set l = range(99999)|list %}{% for i in l %}{% set _ = l|sort %}{% endfor %}'],
      ['{% set l = range(99999)|list %}{% for i in l %}{% set _ = l.insert(0, 1) %}{% set _ = l[:] %}{% endfor %}'],
      [`{{ ${'['.repeat(50_000)}${']'.repeat(50_000)} }}`],
      [`{{ ${'-'.repeat(50_000)}1 }}`],
      [`{{ ${'not '.repeat(50_000)}1 }}`],
      [`${'{% if true %}'.repeat(20_000)}${'{% endif %}'.repeat(20_000)}`],
      [`{{ x${'.a'.repeat(50_000)} }}`],
      [`{{ '${'%('.repeat(100_000)}' % {} }}`],
    ]),
  )('is stopped in time: %s', { timeout: 60_000 }, (_, template) => {
    const before = performance.now()
    expect(outcome(template)).toBeNull()
    expect(performance.now() - before).toBeLessThan(5_000)
  })

  it.each(
    titled([
      ["{{ ('a' + ' ' * 500000 + 'b').rsplit(none, 1)|length }}", '2'],
      ["{{ (' ' * 1000000).strip() }}", ''],
      ["{{ ('a' * 1000000 ~ '!')|wordwrap(80)|length > 1000000 }}", 'True'],
      ["{{ ('-' * 100000)|wordwrap(80)|length > 100000 }}", 'True'],
      ["{{ ('a-' * 50000)|wordwrap(80)|length > 100000 }}", 'True'],
      ["{{ (' ' * 100000 ~ 'x')|title|trim }}", 'X'],
      ["{{ ('1' * 100000 ~ 'x')|float }}", '0.0'],
      ["{{ ('1_' * 100000)|int }}", '0'],
      [`{{ 1 }}${' '.repeat(200_000)}{{- 2 }}`, '12'],
      [`{{ 1${' '.repeat(200_000)} }}`, '1'],
      [`${'{% raw'.repeat(1)} %}${'{% endraw'.repeat(20_000)}{% endraw %}`, '{% endraw'.repeat(20_000)],
      [`${'{ '.repeat(100_000)}x`, `${'{ '.repeat(100_000)}x`],
    ]),
  )('is not one with much white space or a long word: %s', { timeout: 30_000 }, (_, template, output) => {
    const before = performance.now()
    expect(outcome(template)).toBe(output)
    expect(performance.now() - before).toBeLessThan(2_000)
  })
})
