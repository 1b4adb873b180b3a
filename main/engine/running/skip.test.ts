import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../test/support/place.ts'
import { processesWithMarker } from '../../../test/support/processes.ts'
import { aScore } from '../../../test/support/score.ts'
import { createLauncher } from '../processes/launcher.ts'
import { newJob, policyOf } from '../scheduling/new-job.ts'
import type { SheetState } from '../scheduling/state.ts'
import { planScore } from '../score/plan.ts'
import { systemClock } from './clock.ts'
import { skipReason } from './skip.ts'

let place: Place

beforeEach(() => {
  place = makePlace()
})
afterEach(() => place.remove())

const launcher = createLauncher()

/** Of the second of three sheets, the first of which is `first`. */
function reason(rules: object, first: Partial<SheetState> = {}) {
  const score = aScore({ sheets: 3, workspace: place.workspace, sheet: rules })
  const plan = planScore(score)
  const { sheets } = newJob('job', plan, policyOf(score), 0)
  const [one, two, three] = sheets
  const planned = plan.sheets[1]
  if (!one || !two || !three || !planned) throw new RangeError('three sheets expected')
  const folder = join(place.root, 'skip')
  const given = { planned, score, sheets: [{ ...one, ...first }, two, three], environment: process.env, folder }
  return skipReason({ ...given, launcher, clock: systemClock, marker: 'job.2.skip.test' })
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

  it('runs when the expression cannot be worked out', async () => {
    expect(await when('sheets[99].status == "failed"')).toBeNull()
    expect(await when('nobody')).toBeNull()
    expect(await when('sheets[')).toBeNull()
  })

  it('is left out when its command succeeds, with the values of the sheet in it', async () => {
    expect(await whenCommand('test {sheet_num} = 2 && test -d {workspace} && test "$PWD" = {workspace}')).toMatch(
      /^Left out: `test/,
    )
    expect(await whenCommand('true', { description: 'nothing to do' })).toBe('Left out: nothing to do.')
    expect(await whenCommand('exit 3')).toBeNull()
  })

  it('runs when its command takes too long, which is then ended with all it started', async () => {
    expect(await whenCommand('sleep 300 & sleep 300', { timeout_seconds: 0.3 })).toBeNull()
    expect(processesWithMarker('job.2.skip.test')).toEqual([])
  })

  it('asks the expression first', async () => {
    const rules = { skip_when: { 2: 'True' }, skip_when_command: { 2: { command: 'touch {workspace}/asked' } } }
    expect(await reason(rules)).toMatch(/`True` holds/)
    expect(existsSync(place.inWorkspace('asked'))).toBe(false)
  })
})
