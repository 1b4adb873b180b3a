import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../test/support/place.ts'
import { processesWithMarker } from '../../../test/support/processes.ts'
import { aScore } from '../../../test/support/score.ts'
import { createLauncher } from '../processes/launcher.ts'
import { newJob, policyOf } from '../scheduling/new-job.ts'
import type { SheetState } from '../scheduling/state.ts'
import { planScore } from '../score/plan.ts'
import { JOB_FACTS, SHEET_FACTS } from '../score/skip-facts.ts'
import { systemClock } from './clock.ts'
import { skipReason } from './skip.ts'

let place: Place

beforeEach(() => {
  place = makePlace()
})
afterEach(() => place.remove())

const launcher = createLauncher()

/** Of the second of three sheets, the first of which is `first`. */
function answer(rules: object, first: Partial<SheetState> = {}) {
  const score = aScore({ sheets: 3, workspace: place.workspace, sheet: rules })
  const plan = planScore(score)
  const { sheets } = newJob('job', plan, policyOf(score), 0)
  const [one, two, three] = sheets
  const planned = plan.sheets[1]
  if (!one || !two || !three || !planned) throw new RangeError('three sheets expected')
  const folder = join(place.root, 'skip')
  const given = { planned, score, sheets: [{ ...one, ...first }, two, three], environment: process.env, folder }
  return skipReason({
    ...given,
    exitStatusOf: (sheet) => (sheet === 1 ? 3 : null),
    launcher,
    clock: systemClock,
    capOutput: async () => {},
    onLeft: (survivors) => expect(survivors).toEqual([]),
    marker: 'job.2.skip.test',
  })
}

/** Why it is left out, where every rule could be answered. */
async function reason(rules: object, first: Partial<SheetState> = {}) {
  const { skip, problem } = await answer(rules, first)
  expect(problem).toBeNull()
  return skip
}

const when = (expression: string, first: Partial<SheetState> = {}) => reason({ skip_when: { 2: expression } }, first)
const whenCommand = (command: string, keys: object = {}) => reason({ skip_when_command: { 2: { command, ...keys } } })

describe('a sheet with a skip rule', () => {
  it('runs when it has none for it', async () => {
    expect(await reason({ skip_when: { 1: 'True' } })).toBeNull()
  })

  it('is left out when the expression holds, in Marianne’s words for sheets and job', async () => {
    const validation = { passed: 2, total: 2, failures: [], skipped: 0 }
    const expression = 'sheets[1].validation_passed and sheets.get(1).status == "completed" and sheets[1].attempt_count == 1'
    expect(await when(expression, { status: 'completed', attempts: 1, validation })).toBe(`Left out: \`${expression}\` holds.`)
    expect(await when(expression)).toBeNull()
    expect(
      await when('job.total_sheets == 3 and any(s.status == "failed" for s in sheets.values())', { status: 'failed' }),
    ).toMatch(/holds/)
    expect(await when('sheets[1].error_code == "E201"', { error: { code: 'E201', message: 'x' } })).toMatch(/E201/)
  })

  it('is left out by what its author knows of Marianne: exit codes, shares of checks, how far the job is', async () => {
    const validation = { passed: 1, total: 4, failures: [], skipped: 0 }
    const first = { status: 'completed', validation } as const
    expect(await when('sheets[1].exit_code == 3 and sheets[2].exit_code is None')).toMatch(/holds/)
    expect(await when('sheets[1].last_pass_percentage == 25', first)).toMatch(/holds/)
    expect(await when('sheets[2].last_pass_percentage is None and job.last_completed_sheet == 0')).toMatch(/holds/)
    expect(
      await when('job.status == "running" and job.last_completed_sheet == 1 and job.sheets[1].status == "completed"', first),
    ).toMatch(/holds/)
    expect(await when('job.name == "test"')).toMatch(/holds/)
  })

  it('has everything that a score may ask for', async () => {
    for (const fact of SHEET_FACTS) expect(await when(`sheets[1].${fact} == "-"`)).toBeNull()
    for (const fact of JOB_FACTS) expect(await when(`job.${fact} == "-"`)).toBeNull()
  })

  it.each([
    ['sheets[99].status == "failed"', '99'],
    ['sheets[1].mood == 0', '`mood`'],
    ['sheets[1].mood', '`mood`'],
    ['nobody', '`nobody` is not known here'],
    ['sheets[', ''],
  ])('runs when %s cannot be worked out, which is told', async (expression, why) => {
    const { skip, problem } = await answer({ skip_when: { 2: expression }, skip_when_command: { 2: { command: 'exit 1' } } })
    expect(skip).toBeNull()
    expect(problem).toContain(`\`${expression}\` could not be worked out, so the sheet was not left out: `)
    expect(problem).toContain(why)
  })

  it('may still be left out by its command when the expression cannot be worked out', async () => {
    const rules = { skip_when: { 2: 'sheets[1].mood' }, skip_when_command: { 2: { command: 'true' } } }
    expect(await answer(rules)).toEqual({
      skip: 'Left out: `true` succeeded.',
      problem: expect.stringContaining('could not be worked out'),
    })
  })

  it('is left out when its command succeeds, with the values of the sheet in it', async () => {
    expect(await whenCommand('test {sheet_num} = 2 && test -d {workspace} && test "$PWD" = {workspace}')).toMatch(
      /^Left out: `test/,
    )
    expect(await whenCommand('true', { description: 'nothing to do' })).toBe('Left out: nothing to do.')
    expect(await whenCommand('exit 3')).toBeNull()
  })

  it('runs when its command takes too long, which is then ended with all it started', async () => {
    const command = 'sleep 300 & sleep 300'
    expect(await answer({ skip_when_command: { 2: { command, timeout_seconds: 0.3 } } })).toEqual({
      skip: null,
      problem: `\`${command}\` took longer than 0.3 s, so the sheet was not left out.`,
    })
    expect(processesWithMarker('job.2.skip.test')).toEqual([])
  })

  it('runs when its command cannot be started, which is told', async () => {
    rmSync(place.workspace, { recursive: true })
    const { skip, problem } = await answer({ skip_when_command: { 2: { command: 'true' } } })
    expect(skip).toBeNull()
    expect(problem).toMatch(/^`true` could not be started \(.+\), so the sheet was not left out\.$/)
  })

  it('asks the expression first', async () => {
    const rules = { skip_when: { 2: 'True' }, skip_when_command: { 2: { command: 'touch {workspace}/asked' } } }
    expect(await reason(rules)).toMatch(/`True` holds/)
    expect(existsSync(place.inWorkspace('asked'))).toBe(false)
  })
})
