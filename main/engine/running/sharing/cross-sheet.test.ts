import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../../test/support/place.ts'
import { aScore } from '../../../../test/support/score.ts'
import { createRedactor } from '../../redaction/redactor.ts'
import type { SheetStatus } from '../../scheduling/state.ts'
import { planScore } from '../../score/plan.ts'
import { shareOutputs } from './cross-sheet.ts'
import { shorten } from './shorten.ts'

let place: Place

beforeEach(() => {
  place = makePlace()
})
afterEach(() => place.remove())

const answers: Record<number, string> = { 1: 'one', 2: 'two', 4: 'four' }

/** What sheet 5 of 6 sees. */
function shared(rules: object, statuses: Partial<Record<number, SheetStatus>> = {}, outputs = answers) {
  const score = aScore({ sheets: 6, workspace: place.workspace, cross_sheet: rules })
  const plan = planScore(score)
  const sheet = plan.sheets[4]
  if (!sheet) throw new RangeError('no sheet 5')
  return shareOutputs({
    score,
    plan,
    sheet,
    statuses: (number) => statuses[number] ?? 'completed',
    stdoutOf: async (number) => outputs[number] ?? null,
    redact: createRedactor({}).redact,
  })
}

const capture = async (...capture_files: string[]) => {
  const { previousFiles } = await shared({ capture_files, max_output_chars: 20 })
  return Object.fromEntries(Object.entries(previousFiles).map(([path, text]) => [path.slice(place.workspace.length + 1), text]))
}

describe('answers of the sheets before', () => {
  it('go back as far as the score says; 0 is all the way', async () => {
    expect((await shared({ auto_capture_stdout: true, lookback_sheets: 2 })).previousOutputs).toEqual({ 4: 'four' })
    expect((await shared({ auto_capture_stdout: true, lookback_sheets: 0 })).previousOutputs).toEqual(answers)
  })

  it('are those of completed sheets; sheets left out are named', async () => {
    const statuses = { 2: 'failed', 3: 'skipped' } as const
    expect(await shared({ auto_capture_stdout: true, lookback_sheets: 0 }, statuses)).toEqual({
      previousOutputs: { 1: 'one', 3: '[SKIPPED]', 4: 'four' },
      previousFiles: {},
      skippedUpstream: [3],
    })
  })

  it('stay away unless the score asks for them', async () => {
    expect((await shared({})).previousOutputs).toEqual({})
  })

  it('keep their end, and lose their secrets before they are cut', async () => {
    const secret = `sk-ant-${'a1'.repeat(20)}`
    const output = `the beginning ${secret} and the end`
    const { previousOutputs } = await shared({ auto_capture_stdout: true, max_output_chars: 30 }, {}, { 4: output })
    expect(previousOutputs[4]).toBe('[…]ning [REDACTED] and the end')
    expect(previousOutputs[4]?.length).toBeLessThanOrEqual(30)
  })
})

describe('captured files', () => {
  it('are named by real templates with wildcards', async () => {
    for (const name of ['sheet-4-result.md', 'sheet-5-result.md', 'a.txt', 'b.txt']) writeFileSync(place.inWorkspace(name), name)
    expect(await capture('{{ workspace }}/sheet-{{ sheet_num - 1 }}-result.md', '*.txt')).toEqual({
      'sheet-4-result.md': 'sheet-4-result.md',
      'a.txt': 'a.txt',
      'b.txt': 'b.txt',
    })
  })

  it('keep their beginning and lose their secrets', async () => {
    writeFileSync(place.inWorkspace('long.md'), `# Heading\n${'x'.repeat(5000)}`)
    writeFileSync(place.inWorkspace('key.pem'), '-----BEGIN PRIVATE KEY-----\nabc')
    expect(await capture('long.md', 'key.pem')).toEqual({ 'long.md': '# Heading\nxxxxxxx[…]', 'key.pem': '[REDACTED]' })
  })

  it('are texts of a size that somebody reads', async () => {
    writeFileSync(place.inWorkspace('image.png'), Buffer.from([0x89, 0x50, 0, 0]))
    writeFileSync(place.inWorkspace('huge.txt'), Buffer.alloc(16 * 1024 * 1024 + 1, 'x'))
    writeFileSync(place.inWorkspace('empty.txt'), '')
    expect(await capture('*')).toEqual({ 'empty.txt': '' })
  })

  it('are refused outside the workspace unless the path is absolute', async () => {
    await expect(capture('../*')).rejects.toMatchObject({ code: 'PATH_OUTSIDE' })
    await expect(capture('{{ nobody }}')).rejects.toMatchObject({ code: 'TEMPLATE_RENDER' })
  })
})

describe('a text that is too long', () => {
  it.each([
    ['abcdef', 6, 'start', 'abcdef'],
    ['abcdefghij', 8, 'start', 'abcde[…]'],
    ['abcdefghij', 8, 'end', '[…]fghij'],
    ['abcdefghij', 4, 'end', 'ghij'],
    ['abcdefghij', 0, 'end', ''],
    ['abcd😀fghij', 8, 'start', 'abcd[…]'],
    ['abcde😀ghij', 8, 'end', '[…]ghij'],
  ] as const)('%s, %i characters, its %s: %s', (text, most, kept, expected) => {
    expect(shorten(text, most, kept)).toBe(expected)
  })
})
