const score = (rest: string, sheet = 'total_items: 1') => `name: a\nsheet: { size: 1, ${sheet} }\n${rest}\n`
const template = (text: string) => score(`prompt: { template: ${JSON.stringify(text)} }`)
const variable = (text: string) => score(`prompt: { variables: { x: ${text} } }`)
const list = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index)).join(', ')
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('')

const noise = () => Buffer.from(Uint8Array.from({ length: 10_000_000 }, (_, index) => (index * 167) % 251)).toString()
const sum = (count: number) => `${'1+'.repeat(count)}1`

/** Texts that are bad for whoever reads them, each in its own way. */
export const MONSTERS = {
  'a bomb of aliases': () => lines(30, (level) => `l${level}: &l${level} [${list(9, () => (level ? `*l${level - 1}` : 'x'))}]`),
  'an alias of itself': () => variable('&a [*a]'),
  'few aliases of much': () => score(`prompt: {}\nx: &a [${'1,'.repeat(10_000)}]\ny: [${'*a,'.repeat(90)}]`),
  'many aliases of little': () => variable(`[${list(12_000, (n) => `&a${n} 1, *a${n}`)}]`),
  'a web of aliases': () => lines(150, (n) => `a${n}: &a${n} [${n ? list(90, (other) => `*a${other % n}`) : 'x'}]`),
  'a bomb of merged mappings': () =>
    lines(12, (level) => `l${level}: &l${level} { <<: [${level ? list(9, () => `*l${level - 1}`) : '{ x: 1 }'}] }`),
  'few mappings merged with a large one': () =>
    `x: &m { ${list(9_000, (n) => `k${n}: 1`)} }\n${variable(`[${list(90, () => '{ <<: *m }')}]`)}`,
  '10 MB of one text': () => `name: "${'x'.repeat(10_000_000)}"`,
  '10 MB of lines': () => 'a: 1\n'.repeat(2_000_000),
  '10 MB of brackets': () => '['.repeat(10_000_000),
  '10 MB of noise': noise,
  'as long a line as may be read': () => score(`prompt: {}\ndescription: ${'word '.repeat(130_000)}`),
  'as long a template as may be read': () => template('word '.repeat(100_000)),
  'as many empty mappings as may be read': () => variable(`[${'{},'.repeat(49_900)}]`),
  'as many entries as may be read': () => score(`prompt:\n  variables:\n    x:\n${'    - - - -\n'.repeat(20_000)}`),
  'as many brackets too many as may be read': () => score(`prompt: {}\nx: [${']'.repeat(149_000)}`),
  'as many unknown words as may be read': () => '%x\n'.repeat(99_000),
  'as many documents as may be read': () => '---\n'.repeat(99_000),
  'as many wrong escapes as may be read': () => `"${'\\x'.repeat(149_000)}"`,
  'as much empty space as may be read': () => score(`prompt: {}\nx: [${' \n'.repeat(149_000)}]`),
  'deep nesting': () => `a: ${'['.repeat(20_000)}`,
  'deep nesting by indentation': () => lines(1_000, (depth) => `${' '.repeat(depth)}a:`),
  'deep nesting by question marks': () => '? '.repeat(99_000),
  '10,000 sheets': () => score('prompt: {}', 'total_items: 10000'),
  '10,000 sheets with dependencies': () =>
    score('prompt: {}', `total_items: 10000, dependencies: { ${list(9_999, (n) => `${n + 2}: [${n + 1}]`)} }`),
  '10,000 sheets by fan-out': () => {
    const copies = list(1_000, (n) => `${n + 1}: 10`)
    const links = list(999, (n) => `${n + 2}: [${n + 1}]`)
    return score('prompt: {}', `total_items: 1000, fan_out: { ${copies} }, dependencies: { ${links} }`)
  },
  'a circle of 10,000 sheets': () =>
    score('prompt: {}', `total_items: 10000, dependencies: { ${list(10_000, (n) => `${n + 1}: [${((n + 1) % 10_000) + 1}]`)} }`),
  'a huge number of sheets': () => score('prompt: {}', 'total_items: 9007199254740991'),
  'a huge number of copies': () => score('prompt: {}', 'total_items: 2, fan_out: { 1: 9007199254740991, 2: 9007199254740991 }'),
  'copies that all wait for each other': () => score('prompt: {}', 'total_items: 2, fan_out: { 1: 5000, 2: 4999 }'),
  'as many links as there may be': () => score('prompt: {}', 'total_items: 2, fan_out: { 1: 1000, 2: 999 }'),
  'thousands of unknown keys': () => score(`prompt: {}\n${lines(24_000, (n) => `k${n}: 1`)}`),
  'thousands of wrong checks': () => score(`prompt: {}\nvalidations: [${'{},'.repeat(10_000)}]`),
  'far too many checks': () => score(`prompt: {}\nvalidations: [${'{},'.repeat(49_900)}]`),
  'thousands of undefined names': () => template(list(24_000, (n) => `{{ a${n} }}`)),
  'thousands of wrong variables': () =>
    score(`prompt: { template: "{{ x }}", variables: { ${list(18_000, (n) => `k-${n}: yes`)} } }`),
  'a template of operators': () => template(`{{ ${sum(200_000)} }}`),
  'a template of as many operators as may be read': () => template(`{{ ${sum(49_900)} }}`),
  'a template of brackets': () => template(`{{ ${'('.repeat(250_000)}1 }}`),
  'a template of blocks': () => template('{% for a in b %}'.repeat(30_000)),
  'an expression of brackets': () => score('prompt: {}', `total_items: 1, skip_when: { 1: "${'('.repeat(250_000)}" }`),
  'expressions of as many operators as may be read': () =>
    score('prompt: {}', `total_items: 6, skip_when: { ${list(6, (n) => `${n + 1}: "${sum(49_900)}"`)} }`),
  'a pattern of brackets': () =>
    score(`prompt: {}\nvalidations: [{ type: content_regex, path: a, pattern: "${'(a*)*'.repeat(100_000)}" }]`),
} as const satisfies Readonly<Record<string, () => string>>

export type Monster = keyof typeof MONSTERS
