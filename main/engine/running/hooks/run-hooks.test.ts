import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../../test/support/place.ts'
import { processesWithMarker } from '../../../../test/support/processes.ts'
import { aScore } from '../../../../test/support/score.ts'
import { createLauncher } from '../../processes/launcher.ts'
import { createRedactor } from '../../redaction/redactor.ts'
import { newJob, policyOf } from '../../scheduling/new-job.ts'
import { planScore } from '../../score/plan.ts'
import { systemClock } from '../clock.ts'
import { type FollowingJob, type HooksRequest, runHooks } from './run-hooks.ts'
import { runFolder } from './runs.ts'

let place: Place
let submitted: FollowingJob[]
let waited: number[]

beforeEach(() => {
  place = makePlace()
  submitted = []
  waited = []
})
afterEach(() => place.remove())

const launcher = createLauncher()

function hooked(hooks: readonly object[], keys: object = {}, given: Partial<HooksRequest> = {}) {
  const score = aScore({ sheets: 3, workspace: place.workspace, on_success: hooks, ...keys })
  const plan = planScore(score)
  const state = newJob('opera-1a2b', plan, policyOf(score), 0)
  const scorePath = join(place.root, 'opera.yaml')
  return runHooks({
    job: { state, score, plan, notes: [], chainDepth: 0, follows: null, scorePath },
    completedNow: 1,
    depth: 0,
    environment: process.env,
    redact: createRedactor({}).redact,
    launcher,
    clock: systemClock,
    capOutput: async () => {},
    folder: runFolder(join(place.root, 'hooks'), false),
    submit: async (request) => {
      submitted.push(request)
      return 'next-3c4d'
    },
    wait: async (ms) => void waited.push(ms),
    ...given,
  })
}

const command = (line: string, keys: object = {}) => ({ type: 'run_command', command: line, ...keys })
const script = (line: string, keys: object = {}) => ({ type: 'run_script', command: line, ...keys })
const job = (path: string, keys: object = {}) => ({ type: 'run_job', job_path: path, ...keys })

describe('hooks of a job that has succeeded', () => {
  it('run one after the other, and their results are kept', async () => {
    const results = await hooked([
      command('echo one >> log; cat log'),
      command('echo two >> log; cat log; exit 3', { description: 'second' }),
    ])
    expect(results).toEqual([
      { type: 'run_command', description: null, success: true, exitCode: 0, output: 'one\n', error: null },
      {
        type: 'run_command',
        description: 'second',
        success: false,
        exitCode: 3,
        output: 'one\ntwo\n',
        error: 'It ended with status 3.',
      },
    ])
  })

  it('do not run after a run that completed nothing', async () => {
    expect(await hooked([command('touch ran')], {}, { completedNow: 0 })).toEqual([])
    expect(existsSync(place.inWorkspace('ran'))).toBe(false)
  })

  it('go on after a failure unless the hook or the concert says otherwise', async () => {
    const ran = async (keys: object, concert: object = {}) =>
      (await hooked([command('false', keys), command('true')], { concert })).length
    expect(await ran({})).toBe(2)
    expect(await ran({ on_failure: 'abort' })).toBe(1)
    expect(await ran({}, { abort_concert_on_hook_failure: true })).toBe(1)
  })
})

describe('a hook’s command', () => {
  it('gets workspace, job and number of sheets as words of its own', async () => {
    const [result] = await hooked([command('printf "%s|" {workspace} {job_id} {sheet_count} ${HOME:+home} {other}')])
    expect(result?.output).toBe(`${place.workspace}|opera-1a2b|3|home|{other}|`)
  })

  it('works where the hook says', async () => {
    const [result] = await hooked([command('pwd', { working_directory: '{workspace}/..' })])
    expect(result?.output).toBe(`${place.root}\n`)
    const [gone] = await hooked([command('pwd', { working_directory: 'gone' })])
    expect(gone).toMatchObject({ success: false, exitCode: null, error: expect.stringContaining('does not exist') })
  })

  it('is ended with all it started when its time is up', async () => {
    const [result] = await hooked([command('echo begun; sleep 300 & sleep 300', { timeout_seconds: 0.3 })])
    expect(result).toMatchObject({
      success: false,
      exitCode: null,
      output: 'begun\n',
      error: 'It did not end within 0.3 s and was stopped.',
    })
    expect(processesWithMarker('opera-1a2b.hook')).toEqual([])
  })

  it('is ended when nobody wants it any more, and no other begins', async () => {
    const stop = new AbortController()
    const running = hooked([command('touch begun; sleep 300'), command('touch second')], {}, { signal: stop.signal })
    await expect.poll(() => existsSync(place.inWorkspace('begun')), { interval: 10 }).toBe(true)
    stop.abort()
    expect(await running).toMatchObject([{ success: false, error: 'It was stopped.' }])
    expect(existsSync(place.inWorkspace('second'))).toBe(false)
  })

  it('shows the last 2000 characters it printed, without secrets', async () => {
    const [result] = await hooked([command('seq 5000; echo "API_KEY=hunter2" >&2')])
    expect(result?.output).toMatch(/4999\n5000\nAPI_KEY=\[REDACTED\]\n$/)
    expect(result?.output).toHaveLength(2000)
  })

  it('is refused when it would ruin the computer', async () => {
    const results = await hooked([command('touch ran; rm -rf /'), script('rm -rf /')])
    expect(results.map(({ error }) => error)).toEqual([
      '`touch ran; rm -rf /` removes everything and was not run.',
      '`rm -rf /` removes everything and was not run.',
    ])
    expect(existsSync(place.inWorkspace('ran'))).toBe(false)
  })
})

describe('a hook’s script', () => {
  it('gets its words as they are, without a shell', async () => {
    writeFileSync(place.inWorkspace('show.sh'), '#!/bin/sh\nprintf "[%s]" "$@"\n')
    chmodSync(place.inWorkspace('show.sh'), 0o755)
    const [result] = await hooked([script(`./show.sh $HOME *; "{workspace}/a b" {print}`)])
    expect(result).toMatchObject({ success: true, output: `[$HOME][*;][${place.workspace}/a b][{print}]` })
  })

  it('that is not there is a failure', async () => {
    expect(await hooked([script('./gone.sh')])).toMatchObject([
      { success: false, error: expect.stringContaining('There is no program') },
    ])
  })
})

describe('a job that follows', () => {
  it('is submitted with its own workspace, one deeper in the chain', async () => {
    writeFileSync(join(place.root, 'next.yaml'), '')
    const results = await hooked([job('next.yaml', { fresh: true, pause_before_chain: true })], {}, { depth: 2 })
    expect(results).toMatchObject([{ type: 'run_job', success: true, output: 'Submitted as next-3c4d.' }])
    expect(submitted).toEqual([
      { scorePath: join(place.root, 'next.yaml'), workspace: null, fresh: true, depth: 3, hook: 0, hold: true },
    ])
    expect(waited).toEqual([])
  })

  it('inherits the workspace in a concert, after a pause for breath, unless the hook names one', async () => {
    writeFileSync(place.inWorkspace('next.yaml'), '')
    const concert = { enabled: true, cooldown_between_jobs_seconds: 7 }
    const path = '{workspace}/next.yaml'
    await hooked([job(path), job(path, { job_workspace: 'elsewhere' })], { concert })
    expect(submitted.map(({ workspace }) => workspace)).toEqual([place.workspace, join(place.root, 'elsewhere')])
    expect(waited).toEqual([7000, 7000])
    await hooked([job(path)], { concert: { ...concert, inherit_workspace: false } })
    expect(submitted.at(-1)?.workspace).toBeNull()
  })

  it('is not submitted beyond the chain’s length, or when there is no such score', async () => {
    writeFileSync(join(place.root, 'next.yaml'), '')
    const [long, gone] = await hooked([job('next.yaml'), job('gone.yaml')], { concert: { max_chain_depth: 2 } }, { depth: 2 })
    expect(long?.error).toBe('The chain ends here: 2 jobs came before this one. `concert.max_chain_depth` allows 2.')
    expect(gone?.error).toBe(`There is no score ${join(place.root, 'gone.yaml')}.`)
    expect(submitted).toEqual([])
  })

  it('that is refused is a failure of the hook', async () => {
    writeFileSync(join(place.root, 'next.yaml'), '')
    const refuse = () => Promise.reject(new Error('The score is wrong.'))
    expect(await hooked([job('next.yaml')], {}, { submit: refuse })).toMatchObject([
      { success: false, error: 'The score is wrong.' },
    ])
  })
})
