import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../../test/support/place.ts'
import { processesWithMarker } from '../../../../test/support/processes.ts'
import { aScore } from '../../../../test/support/score.ts'
import { createLauncher } from '../../processes/launcher.ts'
import { createRedactor } from '../../redaction/redactor.ts'
import { systemClock } from '../clock.ts'
import { takeBaseline } from './files.ts'
import { validate } from './validate.ts'

let place: Place

beforeEach(() => {
  place = makePlace()
})
afterEach(() => place.remove())

const launcher = createLauncher()
const rulesOf = (rules: readonly object[]) =>
  aScore({ validations: rules.map((rule) => ({ retry_count: 0, ...rule })) }).validations

function check(rules: readonly object[], variables: Record<string, unknown> = {}, baseline = {}) {
  const marker = 'job.1.1.check'
  return validate(rulesOf(rules), {
    folder: join(place.root, 'attempt'),
    workspace: place.workspace,
    variables: { sheet_num: 1, workspace: place.workspace, ...variables },
    baseline,
    env: { PATH: process.env.PATH ?? '', FERMATA_ATTEMPT: marker },
    marker,
    launcher,
    clock: systemClock,
    capOutput: async () => {},
    onLeft: (survivors) => expect(survivors).toEqual([]),
    signal: new AbortController().signal,
    redact: createRedactor({}).redact,
  })
}

const file = (path: string, rest: object = {}) => ({ type: 'file_exists', path, ...rest })
const command = (line: string, rest: object = {}) => ({ type: 'command_succeeds', command: line, ...rest })

describe('checks in stages', () => {
  it('are made stage by stage: all of a stage, and no later one after a failure', async () => {
    writeFileSync(place.inWorkspace('here'), '')
    const rules = [
      command('touch made-3', { stage: 3 }),
      file('missing', { stage: 2 }),
      command('touch made-2', { stage: 2 }),
      file('here', { stage: 1 }),
    ]
    const { summary, code } = await check(rules)
    expect(summary).toEqual({ passed: 2, total: 4, failures: ['missing does not exist'], skipped: 1 })
    expect(code).toBe('E201')
    expect(existsSync(place.inWorkspace('made-2'))).toBe(true)
    expect(existsSync(place.inWorkspace('made-3'))).toBe(false)
  })

  it('are all made when all hold', async () => {
    const { summary, code } = await check([command('true', { stage: 10 }), command('true')])
    expect([summary, code]).toEqual([{ passed: 2, total: 2, failures: [], skipped: 0 }, null])
  })
})

describe('a check with a condition', () => {
  it('is not counted where it does not apply', async () => {
    const rules = [file('a', { sheet: 2 }), file('b', { condition: 'stage >= 2 and voice == 1' }), command('true')]
    expect((await check(rules, { stage: 1, voice: 1 })).summary).toEqual({ passed: 1, total: 1, failures: [], skipped: 0 })
    expect((await check(rules, { stage: 2, voice: 1, sheet_num: 2 })).summary.failures).toEqual([
      'a does not exist',
      'b does not exist',
    ])
  })

  it('applies where the condition cannot be told', async () => {
    const rules = [file('a', { condition: 'what?' }), file('b', { condition: 'nobody == 1' })]
    expect((await check(rules)).summary.total).toBe(2)
  })
})

describe('a check', () => {
  it('of a changed file compares with the time before the attempt; one that was not there counts as old', async () => {
    const [old, changed, fresh] = ['old', 'changed', 'fresh'].map((name) => place.inWorkspace(name))
    for (const path of [old, changed]) writeFileSync(path ?? '', '')
    const rules = ['old', 'changed', 'fresh'].map((path) => ({ type: 'file_modified', path }))
    const baseline = await takeBaseline(rulesOf(rules), place.workspace, { sheet_num: 1 })
    utimesSync(changed ?? '', new Date(), new Date(statSync(changed ?? '').mtimeMs + 5000))
    writeFileSync(fresh ?? '', '')
    expect((await check(rules, {}, baseline)).summary.failures).toEqual(['old was not changed'])
  })

  it('by a command is ended with all it started when its own time is up', async () => {
    const { summary, code } = await check([command('sleep 300 & sleep 300', { timeout_seconds: 0.3 })])
    expect(summary.failures).toEqual(['`sleep 300 & sleep 300` did not end within 0.3 s'])
    expect(code).toBe('E203')
    expect(processesWithMarker('job.1.1.check')).toEqual([])
  })

  it('by a command works where the rule says, with values that stay one word', async () => {
    const rules = [command('printf %s {name} > out && pwd >> out', { working_directory: '{workspace}/sub dir' })]
    expect((await check(rules)).summary.failures[0]).toMatch(/does not exist|could not be checked/)
    mkdirSync(place.inWorkspace('sub dir'))
    expect((await check(rules, { name: "$(touch x) it's" })).summary.failures).toEqual([])
    expect(readFileSync(place.inWorkspace('sub dir/out'), 'utf8')).toBe(`$(touch x) it's${place.inWorkspace('sub dir')}\n`)
  })

  it('is made again as often as the rule says', async () => {
    await check([command('echo x >> tries; false', { retry_count: 2, retry_delay_ms: 0 })])
    expect(readFileSync(place.inWorkspace('tries'), 'utf8')).toBe('x\nx\nx\n')
  })

  it('tells no secret of what its command printed', async () => {
    const { summary } = await check([command('echo "Authorization: Bearer abcdefghijklmnopqrstuvwx" >&2; false')])
    expect(summary.failures[0]).toMatch(/ended with status 1: Authorization: Bearer \[REDACTED\]$/)
  })
})
