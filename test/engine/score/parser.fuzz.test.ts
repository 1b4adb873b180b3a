import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../support/random.ts'
import { mutate } from './mutate.ts'
import type { Outcome } from './reader.ts'

/** What reading any text may take. */
const MOST_MS = 2_000
const MOST_MB = 256
/** A computer that is busy with other tests is given this much longer before a text counts as endless. */
const ENDLESS_MS = 60_000

const seconds = Number(process.env.FUZZ_SECONDS ?? 5)
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)

let worker: Worker | null = null
afterAll(async () => {
  await worker?.terminate()
})

/** Reads a text in a thread that dies, and fails the test, when it takes more than it may. */
async function outcomeOf(text: string): Promise<Outcome> {
  const reader =
    worker ?? new Worker(new URL('./reader.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: MOST_MB } })
  worker = reader
  reader.postMessage(text)
  const [outcome] = (await once(reader, 'message', { signal: AbortSignal.timeout(ENDLESS_MS) })) as [Outcome]
  return outcome
}

/** An error or a plan, in time. */
async function expectAnswer(text: string): Promise<Outcome> {
  const outcome = await outcomeOf(text)
  expect(outcome.fault).toBeNull()
  expect(outcome.errors > 0).toBe(outcome.sheets === 0)
  expect(outcome.sheets).toBeLessThanOrEqual(10_000)
  expect(outcome.findings).toBeLessThanOrEqual(200)
  expect(outcome.cpuMs).toBeLessThan(MOST_MS)
  return outcome
}

const score = (rest: string, sheet = 'total_items: 1') => `name: a\nsheet: { size: 1, ${sheet} }\n${rest}\n`
const template = (text: string) => score(`prompt: { template: ${JSON.stringify(text)} }`)
const list = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index)).join(', ')

const bomb = Array.from(
  { length: 30 },
  (_, level) => `l${level}: &l${level} [${list(9, () => (level ? `*l${level - 1}` : 'x'))}]`,
)

describe('a monstrous score is answered with an error or a plan', () => {
  it.each<[string, () => string]>([
    ['a bomb of aliases', () => bomb.join('\n')],
    ['an alias of itself', () => score('prompt: &a { variables: { x: *a } }')],
    ['few aliases of much', () => score(`prompt: {}\nx: &a [${'1,'.repeat(10_000)}]\ny: [${'*a,'.repeat(90)}]`)],
    ['10 MB of one text', () => `name: "${'x'.repeat(10_000_000)}"`],
    ['10 MB of lines', () => 'a: 1\n'.repeat(2_000_000)],
    ['10 MB of brackets', () => '['.repeat(10_000_000)],
    ['10 MB of noise', () => Buffer.from(Uint8Array.from({ length: 10_000_000 }, (_, index) => (index * 167) % 251)).toString()],
    ['a million bytes of text', () => template('word '.repeat(90_000))],
    ['deep nesting', () => `a: ${'['.repeat(20_000)}`],
    ['deep nesting by indentation', () => Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['10,000 sheets', () => score('prompt: {}', 'total_items: 10000')],
    [
      '10,000 sheets with dependencies',
      () => score('prompt: {}', `total_items: 10000, dependencies: { ${list(9_999, (n) => `${n + 2}: [${n + 1}]`)} }`),
    ],
    [
      'a circle of 10,000 sheets',
      () =>
        score(
          'prompt: {}',
          `total_items: 10000, dependencies: { ${list(10_000, (n) => `${n + 1}: [${((n + 1) % 10_000) + 1}]`)} }`,
        ),
    ],
    ['a huge number of sheets', () => score('prompt: {}', 'total_items: 9007199254740991')],
    [
      'a huge number of copies',
      () => score('prompt: {}', 'total_items: 2, fan_out: { 1: 9007199254740991, 2: 9007199254740991 }'),
    ],
    ['copies that all wait for each other', () => score('prompt: {}', 'total_items: 2, fan_out: { 1: 5000, 2: 4999 }')],
    ['as many links as there may be', () => score('prompt: {}', 'total_items: 2, fan_out: { 1: 1000, 2: 999 }')],
    ['thousands of unknown keys', () => score(`prompt: {}\n${list(30_000, (n) => `k${n}: 1`).replaceAll(', ', '\n')}`)],
    ['thousands of wrong checks', () => score(`prompt: {}\nvalidations: [${list(50_000, () => '1')}]`)],
    ['thousands of undefined names', () => template(list(40_000, (n) => `{{ a${n} }}`))],
    [
      'thousands of wrong variables',
      () => score(`prompt: { template: "{{ x }}", variables: { ${list(30_000, (n) => `k-${n}: yes`)} } }`),
    ],
    ['a template of operators', () => template(`{{ ${'1+'.repeat(200_000)}1 }}`)],
    ['a template of brackets', () => template(`{{ ${'('.repeat(250_000)}1 }}`)],
    ['a template of blocks', () => template('{% for a in b %}'.repeat(30_000))],
    ['an expression of brackets', () => score('prompt: {}', `total_items: 1, skip_when: { 1: "${'('.repeat(250_000)}" }`)],
    [
      'a pattern of brackets',
      () => score(`prompt: {}\nvalidations: [{ type: content_regex, path: a, pattern: "${'(a*)*'.repeat(100_000)}" }]`),
    ],
  ])('%s', { timeout: 2 * ENDLESS_MS }, async (_, text) => {
    await expectAnswer(text())
  })
})

describe('a score changed at random', () => {
  it(`is answered with an error or a plan (FUZZ_SEED=${seed})`, { timeout: seconds * 1_000 + 2 * ENDLESS_MS }, async () => {
    const examples = join(import.meta.dirname, '../../../examples')
    const files = [...readdirSync(examples).map((name) => join(examples, name)), join(import.meta.dirname, 'whole.yaml')]
    const corpus = files.filter((file) => file.endsWith('.yaml')).map((file) => readFileSync(file, 'utf8'))
    for (const text of corpus) expect((await expectAnswer(text)).errors).toBe(0)
    const random = seededRandom(seed)
    const end = performance.now() + seconds * 1_000
    let tried = 0
    let planned = 0
    for (; performance.now() < end; tried += 1) {
      const start = corpus[Math.floor(random() * corpus.length)] ?? ''
      const text = mutate(start, corpus, random)
      try {
        if ((await expectAnswer(text)).sheets > 0) planned += 1
      } catch (cause) {
        throw new Error(`After ${tried} texts with FUZZ_SEED=${seed}:\n${text.slice(0, 5_000)}`, { cause })
      }
    }
    // Both ways out are taken, or the changes are too wild or too tame to find anything.
    if (tried > 200) expect(planned).toBeGreaterThan(tried / 100)
    if (tried > 200) expect(planned).toBeLessThan(tried)
  })
})
