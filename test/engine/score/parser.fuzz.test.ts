import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../support/random.ts'
import { MONSTERS } from './monsters.ts'
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

describe('a monstrous score is answered with an error or a plan', () => {
  it.each(Object.entries(MONSTERS))('%s', { timeout: 2 * ENDLESS_MS }, async (_, text) => {
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
