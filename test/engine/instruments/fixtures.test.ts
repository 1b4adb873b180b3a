import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bundled, read } from '../../support/claude-output.ts'

const folder = resolve(import.meta.dirname, '../../fixtures/cli')
const prompt = 'Write a page about the sea, and say when you are done.\n'

const done = { kind: 'succeeded' }
const failed = (code: string) => ({ kind: 'failed', error: { code } })
const limited = (code: string, resetAt: string | number | Date | null) => ({
  kind: 'rate_limited',
  code,
  resetAt: resetAt === null ? null : new Date(resetAt).getTime(),
})
const seven = '2026-06-17T19:00:00Z'
/** Every attempt ends at half past two in the afternoon. */
const after = (seconds: number) => Date.parse('2026-06-17T14:30:00Z') + seconds * 1000

type Figures = readonly [input: number, output: number, cacheRead: number, cacheWrite: number, costUsd: number | null]
type Confidence = 'exact' | 'reported' | 'live' | 'estimate'
type Told = readonly [Confidence, ...Figures] | null

const claude: Told = ['exact', 1200, 340, 80_000, 5000, 0.1234]
const nothing: Told = ['exact', 0, 0, 0, 0, 0]
const gemini: Told = ['exact', 4737, 204, 21_263, 0, null]
const steps: Told = ['exact', 1000, 80, 200, 20, 0.03]
const cline: Told = ['exact', 900, 80, 7, 8, 0.05]

/** File, exit status, what became of the attempt, what it used. */
const cases: Readonly<Record<string, readonly (readonly [string, number, object, Told])[]>> = {
  'claude-code': [
    ['done', 0, done, claude],
    ['interleaved', 0, done, claude],
    ['about-limits', 0, done, claude],
    ['cut-off', 143, failed('E002'), ['live', 3, 14, 18_000, 900, null]],
    ['limit-event', 1, limited('E104', seven), nothing],
    ['limit-exit-0', 0, limited('E104', seven), nothing],
    ['limit-epoch', 1, limited('E104', seven), nothing],
    ['limit-session', 1, limited('E104', '2026-06-17T19:10:00Z'), nothing],
    ['limit-weekly', 1, limited('E104', '2026-06-20T06:00:00Z'), nothing],
    ['limit-midway', 1, limited('E104', seven), ['exact', 4, 20, 18_000, 900, 0.02]],
    ['login', 1, failed('E502'), nothing],
    ['overloaded', 1, failed('E103'), nothing],
    ['turns', 1, failed('E009'), claude],
  ],
  'codex-cli': [
    ['done', 0, done, ['exact', 315, 122, 24_448, 0, null]],
    ['interleaved', 0, done, ['exact', 1500, 30, 500, 0, null]],
    ['about-limits', 0, done, ['exact', 1500, 30, 500, 0, null]],
    ['cut-off', 0, failed('E503'), ['estimate', 14, 7, 0, 0, null]],
    ['limit-date', 1, limited('E104', new Date(2026, 5, 19, 3, 39)), null],
    ['limit-duration', 0, limited('E104', after(133 * 60)), null],
    ['limit-seconds', 1, limited('E104', after(4674)), null],
    ['limit-epoch', 1, limited('E104', seven), null],
    ['limit-soon', 1, limited('E102', after(6.5)), null],
    ['login', 1, failed('E502'), null],
    ['capacity', 1, failed('E103'), ['estimate', 14, 0, 0, 0, null]],
  ],
  'gemini-cli': [
    ['done', 0, done, gemini],
    ['interleaved', 0, done, gemini],
    ['about-limits', 0, done, gemini],
    ['cut-off', 0, failed('E503'), ['estimate', 14, 0, 0, 0, null]],
    ['limit-delay', 1, limited('E101', after(34)), null],
    ['limit-daily', 1, limited('E104', after(4 * 3600 + 12 * 60 + 33)), null],
    ['overloaded', 1, failed('E103'), ['estimate', 14, 0, 0, 0, null]],
    ['login', 1, failed('E502'), null],
  ],
  opencode: [
    ['done', 0, done, steps],
    ['twice', 0, done, steps],
    ['interleaved', 0, done, steps],
    ['zeros', 0, done, ['estimate', 14, 10, 0, 0, null]],
    ['about-limits', 0, done, ['exact', 300, 40, 0, 0, 0.02]],
    ['cut-off', 143, failed('E002'), ['reported', 700, 35, 100, 10, 0.01]],
    ['limit-header', 1, limited('E101', after(120)), ['reported', 700, 30, 0, 0, 0.01]],
    ['limit-credit', 0, limited('E104', null), null],
    ['login', 1, failed('E502'), null],
  ],
  goose: [
    ['done', 0, done, ['exact', 1400, 100, 0, 0, null]],
    ['no-tokens', 0, done, ['estimate', 14, 3, 0, 0, null]],
    ['interleaved', 0, done, ['exact', 1400, 100, 0, 0, null]],
    ['about-limits', 0, done, ['exact', 1400, 100, 0, 0, null]],
    ['limit', 0, limited('E101', after(90)), null],
    ['limit-credit', 0, limited('E104', null), null],
    ['login', 0, failed('E502'), null],
    ['cut-off', 0, failed('E503'), ['estimate', 14, 0, 0, 0, null]],
  ],
  'cline-cli': [
    ['done', 0, done, cline],
    ['about-limits', 0, done, cline],
    ['cut-off', 0, failed('E503'), ['estimate', 14, 7, 0, 0, null]],
    ['limit', 1, limited('E102', after(34)), cline],
    ['limit-credit', 1, limited('E104', null), cline],
    ['login', 1, failed('E502'), null],
  ],
  aider: [
    ['done', 0, done, ['reported', 2300, 120, 0, 0, 0.01]],
    ['cache', 0, done, ['reported', 5400 + 834, 1315, 8400, 1200, 0.02]],
    ['about-limits', 0, done, ['reported', 2300, 120, 0, 0, 0.01]],
    ['no-tokens', 0, done, ['estimate', 14, 26, 0, 0, null]],
    ['limit', 0, limited('E102', after(6.5)), null],
    ['login', 0, failed('E502'), null],
  ],
  crush: [
    ['done', 0, done, ['estimate', 14, 8, 0, 0, null]],
    ['about-limits', 0, done, ['estimate', 14, 21, 0, 0, null]],
    ['limit', 1, limited('E101', after(20)), null],
    ['login', 1, failed('E502'), null],
  ],
}

describe.each(Object.entries(cases))('what %s printed', (instrument, table) => {
  const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '')

  it.each(table)('in %s is understood, and what it used', async (name, exit, verdict, told) => {
    const file = join(folder, instrument, name)
    const ended = { stdout: textOf(`${file}.out`), stderr: textOf(`${file}.err`), exit }
    const reading = await read(ended, bundled.get(instrument), { prompt })
    expect(reading.verdict).toMatchObject(verdict)
    if (told === null) return expect(reading.usage).toBeNull()
    const [confidence, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd] = told
    const figures = { confidence, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd }
    expect({ confidence: 'exact', ...reading.usage }).toMatchObject(figures)
  })

  it('is all looked at', () => {
    const printed = new Set(readdirSync(join(folder, instrument)).map((file) => file.replace(/\.(out|err)$/, '')))
    expect([...printed].sort()).toEqual(table.map(([name]) => name).sort())
  })
})
