import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEngine, type TestEngine } from '../../support/engine.ts'
import { gatedScore, makePlace, type Place } from '../../support/place.ts'
import { attemptLeaders, isAlive, killAll, processesWithMarker } from '../../support/processes.ts'
import { until } from '../../support/wait.ts'

/** Cases 9–20 of Marianne's list (§11), as far as they need real processes; the others stand beside what they test. */

let place: Place
let engine: TestEngine

beforeEach(async () => {
  place = makePlace()
  engine = await startEngine(place)
})
afterEach(async () => {
  await engine.close()
  killAll(processesWithMarker(place.root).map(({ pid }) => pid))
  place.remove()
})

const journal = () =>
  existsSync(place.inWorkspace('played')) ? readFileSync(place.inWorkspace('played'), 'utf8').trim().split('\n') : []

describe('case 9: a damaged state', () => {
  it('is taken from the checkpoint in the workspace, told, and the job goes on', async () => {
    const score = gatedScore(place, 'kept', 2, { state_backend: 'json' })
    const { id } = await engine.jobs.submit(score.path)
    await until('sheet 1 runs', () => score.journal().length > 0)
    await engine.jobs.pause(id)
    score.open(1, 2)
    await engine.reaches(id, 'paused')
    await engine.close()
    const db = new Database(join(place.dataDir, 'fermata.db'))
    db.prepare("UPDATE jobs SET state = '{'").run()
    db.close()

    engine = await startEngine(place)
    expect(engine.problems).toEqual([expect.stringContaining('taken from the checkpoint in its workspace')])
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
    expect(score.journal().filter((line) => line.startsWith('start'))).toEqual(['start 1 attempt 1', 'start 2 attempt 1'])
  })

  it('is not taken from a checkpoint that is behind: what is done would be done again', async () => {
    const score = gatedScore(place, 'behind', 2, { state_backend: 'json' })
    const { id } = await engine.jobs.submit(score.path)
    await until('sheet 1 runs', () => score.journal().length > 0)
    const checkpoint = place.inWorkspace(`.fermata-state-${id}.json`)
    const behind = readFileSync(checkpoint)
    await engine.jobs.pause(id)
    score.open(1, 2)
    await engine.reaches(id, 'paused')
    await engine.close()
    writeFileSync(checkpoint, behind)
    const db = new Database(join(place.dataDir, 'fermata.db'))
    db.prepare("UPDATE jobs SET state = '{'").run()
    db.close()

    engine = await startEngine(place)
    expect(await engine.jobs.list()).toEqual([])
    expect(engine.problems).toEqual([expect.stringMatching(/about job "behind-\w+" cannot be read\.$/)])
  })
})

describe('a database that is lost', () => {
  it('costs nothing where the score keeps a checkpoint in its workspace: what is done stays done', async () => {
    const score = gatedScore(place, 'kept', 3, { state_backend: 'json' })
    const { id } = await engine.jobs.submit(score.path)
    score.open(1)
    await until('sheet 2 runs', () => score.journal().includes('start 2 attempt 1'))
    await engine.jobs.pause(id)
    score.open(2, 3)
    await engine.reaches(id, 'paused')
    await engine.close()
    for (const file of readdirSync(place.dataDir)) if (file.startsWith('fermata.db')) rmSync(join(place.dataDir, file))

    engine = await startEngine(place)
    expect((await engine.jobs.submit(score.path)).id).toBe(id)
    await engine.reaches(id, 'completed')
    expect(score.journal().filter((line) => line.startsWith('start'))).toEqual([1, 2, 3].map((n) => `start ${n} attempt 1`))
  })
})

describe('a checkpoint in the workspace', () => {
  it('of a job that another Fermata plays is left alone', async () => {
    const score = gatedScore(place, 'kept', 2, { state_backend: 'json' })
    await engine.jobs.submit(score.path)
    await until('sheet 1 runs', () => score.journal().length > 0)
    const elsewhere = { ...place, dataDir: join(place.root, 'other-data') }
    const other = await startEngine(elsewhere)
    await expect(other.jobs.submit(score.path)).rejects.toMatchObject({ code: 'JOB_ACTIVE' })
    await other.close()
  })
})

describe('case 11: the size of a prompt', () => {
  const long = (name: string) =>
    place.score({ name, sheets: 1, instrument: 'cli', prompt: [`: ${'play it again '.repeat(500)}`, 'echo played >>played'] })

  it('over the threshold starts nothing and fails the sheet; below it a warning is kept', async () => {
    engine.jobs.changeSettings({ tokenWarningThreshold: 100, tokenErrorThreshold: 1000 })
    const failed = await engine.reaches((await engine.jobs.submit(long('large'))).id, 'failed')
    expect(failed.sheets[0]?.error).toMatchObject({
      code: 'E601',
      message: expect.stringContaining('more than the 1000 allowed'),
    })
    expect(journal()).toEqual([])

    engine.jobs.changeSettings({ tokenErrorThreshold: 0 })
    const warned = await engine.reaches((await engine.jobs.submit(long('warned'))).id, 'completed')
    expect(warned.sheets[0]?.reason).toMatch(/more than the 100 it should have/)
  })
})

describe('case 13: a rate limit', () => {
  it('never uses up tries, leaves other instruments alone, and ends by itself', async () => {
    const limited = place.score({
      name: 'limited',
      sheets: 1,
      instrument: 'rehearsal',
      prompt: ['Play.', 'REHEARSAL: DURATION=0 STEPS=1 RATE_LIMIT_FIRST=3 RATE_LIMIT_SECONDS=1'],
      retry: { max_retries: 1 },
    })
    const other = place.score({ name: 'other', sheets: 1, instrument: 'cli', prompt: ['true'] })
    const { id } = await engine.jobs.submit(limited)
    await engine.reaches(id, 'waiting')
    await engine.reaches((await engine.jobs.submit(other)).id, 'completed')
    const job = await engine.reaches(id, 'completed')
    expect(job.sheets[0]).toMatchObject({ attempts: 4, failures: 0 })
  })

  it('sends a sheet that has a second instrument there', async () => {
    const score = place.score({
      name: 'second',
      sheets: 1,
      instrument: 'rehearsal',
      instrument_fallbacks: ['cli'],
      prompt: ['echo played >>played', ": '", 'REHEARSAL: DURATION=0 STEPS=1 RATE_LIMIT_FIRST=9 RATE_LIMIT_SECONDS=600', "'"],
    })
    const job = await engine.reaches((await engine.jobs.submit(score)).id, 'completed')
    expect(job.sheets[0]).toMatchObject({ instrument: 'cli', switches: [{ from: 'rehearsal', to: 'cli', reason: 'rate_limit' }] })
    expect(journal()).toEqual(['played'])
  })

  it('makes a sheet wait whose second instrument is not there, as if it had none', async () => {
    const score = place.score({
      name: 'alone',
      sheets: 1,
      instrument: 'rehearsal',
      instrument_fallbacks: ['nobody-knows-it'],
      prompt: ['Play.', 'REHEARSAL: DURATION=0 STEPS=1 RATE_LIMIT_FIRST=1 RATE_LIMIT_SECONDS=1'],
      retry: { max_retries: 1 },
    })
    const job = await engine.reaches((await engine.jobs.submit(score)).id, 'completed')
    expect(job.sheets[0]).toMatchObject({ instrument: 'rehearsal', status: 'completed' })
  })

  it('does not keep a job from being played whose first instrument is not there but a fallback is', async () => {
    const score = place.score({
      name: 'elsewhere',
      sheets: 1,
      instrument: 'nobody-knows-it' as 'cli',
      instrument_fallbacks: ['cli'],
      prompt: ['echo played >>played'],
    })
    const job = await engine.reaches((await engine.jobs.submit(score)).id, 'completed')
    expect(job.sheets[0]).toMatchObject({ instrument: 'cli', switches: [{ reason: 'unavailable' }] })
  })

  it('leaves the output of sheets where scores look for it that were written for Marianne', async () => {
    const score = place.score({
      name: 'logs',
      sheets: 1,
      instrument: 'cli',
      prompt: ['echo said'],
      validations: [{ type: 'content_contains', path: '{workspace}/logs/sheet-01.stdout.log', pattern: 'said' }],
    })
    await engine.reaches((await engine.jobs.submit(score)).id, 'completed')
  })
})

describe('case 14: checks that hold in part', () => {
  it('make the next attempt mend the sheet, knowing what is missing', async () => {
    const score = place.score({
      name: 'mended',
      sheets: 1,
      instrument: 'rehearsal',
      prompt: ['Write it.', 'REHEARSAL: DURATION=0 STEPS=1 PARTIAL_FIRST=1', 'Save to: report.md'],
      retry: { max_retries: 1, completion_delay_seconds: 0 },
      validations: [
        { type: 'file_exists', path: 'report.md' },
        { type: 'command_succeeds', command: 'test $(wc -w <report.md) -ge 20', description: 'It is complete', retry_count: 0 },
      ],
    })
    const { id } = await engine.jobs.submit(score)
    const job = await engine.reaches(id, 'completed')
    expect(job.sheets[0]).toMatchObject({ attempts: 2, failures: 0, validation: { passed: 2, total: 2 } })
    const prompt = readFileSync(join(place.dataDir, 'attempts', id, '1-2', 'prompt'), 'utf8')
    expect(prompt).toContain('It is complete')
  })

  it('with none at all complete the sheet', async () => {
    const { id } = await engine.jobs.submit(place.score({ name: 'unchecked', sheets: 1, instrument: 'cli', prompt: ['true'] }))
    await engine.reaches(id, 'completed')
  })
})

describe('case 15: a failure', () => {
  it('leaves out exactly what depends on it, and everything else is played', async () => {
    const score = place.score({
      name: 'branches',
      sheets: 5,
      instrument: 'cli',
      sheet: { dependencies: { 2: [1], 3: [2], 5: [4] } },
      prompt: ['[ {{ sheet_num }} -ne 2 ] && echo {{ sheet_num }} >>played'],
      retry: { max_retries: 1 },
    })
    const job = await engine.reaches((await engine.jobs.submit(score)).id, 'failed')
    expect(job.sheets.map(({ status }) => status)).toEqual(['completed', 'failed', 'skipped', 'completed', 'completed'])
    expect(job.sheets[2]?.error).toEqual({ code: 'E999', message: 'Not run: sheet 2 failed' })
    expect(journal().sort()).toEqual(['1', '4', '5'])
  })

  it('is none where a rule left a sheet out: what depends on it goes on, and the job completes', async () => {
    const score = place.score({
      name: 'left-out',
      sheets: 3,
      instrument: 'cli',
      sheet: { skip_when: { 2: 'sheets[1].status == "completed"' } },
      prompt: ['echo {{ sheet_num }} >>played'],
    })
    const job = await engine.reaches((await engine.jobs.submit(score)).id, 'completed')
    expect(job.sheets.map(({ status }) => status)).toEqual(['completed', 'skipped', 'completed'])
    expect(journal()).toEqual(['1', '3'])
  })
})

describe('a skip rule', () => {
  it('is asked before the first attempt only: what a failed one left behind does not pass for the work', async () => {
    const score = place.score({
      name: 'half',
      sheets: 1,
      instrument: 'cli',
      sheet: { skip_when_command: { 1: { command: 'test -e out.md' } } },
      prompt: ['echo played >>played', '[ -e out.md ] || { : >out.md; exit 1; }'],
      retry: { max_retries: 2, base_delay_seconds: 0 },
    })
    const job = await engine.reaches((await engine.jobs.submit(score)).id, 'completed')
    expect(job.sheets[0]).toMatchObject({ status: 'completed', attempts: 2 })
    expect(journal()).toEqual(['played', 'played'])
  })
})

describe('case 16: slots', () => {
  it('are never more than the score, the instrument and Fermata allow, in real processes', async () => {
    await engine.close()
    engine = await startEngine(place, { maxConcurrentSheets: 3 })
    const score = gatedScore(place, 'wide', 6, {
      sheet: { fan_out: { 1: 6 }, total_items: 1 },
      parallel: { enabled: true, max_concurrent: 5 },
    })
    const { id } = await engine.jobs.submit(score.path)
    const starts = () => score.journal().filter((line) => line.startsWith('start')).length
    await until('three run', () => starts() === 3)
    expect(attemptLeaders(place.root)).toHaveLength(3)
    await engine.jobs.pause(id)
    score.open(1, 2, 3, 4, 5, 6)
    await engine.reaches(id, 'paused')
    expect(starts()).toBe(3)
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
    expect(starts()).toBe(6)
  })
})

describe('case 17: a fermata', () => {
  it('holds the job until every one is decided, and a pause of the user stays', async () => {
    const score = place.score({
      name: 'asked',
      sheets: 3,
      instrument: 'cli',
      sheet: { dependencies: { 3: [1, 2] } },
      parallel: { enabled: true, max_concurrent: 2 },
      prompt: ['echo {{ sheet_num }} >>played'],
      checkpoints: { enabled: true, triggers: [{ name: 'ask', sheet_nums: [1, 2], message: 'Shall it?' }] },
    })
    const { id } = await engine.jobs.submit(score)
    await engine.reaches(id, 'waiting')
    await until(
      'both are held',
      async () => (await engine.jobs.status(id)).sheets.filter(({ status }) => status === 'fermata').length === 2,
    )
    expect((await engine.jobs.status(id)).reason).toBe('Sheet 1 waits for your decision: Shall it?')
    await engine.jobs.decide(id, 1, 'retry')
    expect(journal()).toEqual([])
    await engine.jobs.decide(id, 2, 'skip')
    await engine.reaches(id, 'completed')
    expect(journal()).toEqual(['1', '3'])
    await expect(engine.jobs.decide(id, 1, 'skip')).rejects.toMatchObject({ code: 'ILLEGAL_IN_STATUS' })
  })

  it('is where a sheet goes whose tries are used up, if its user wants that', async () => {
    const score = place.score({
      name: 'escalated',
      sheets: 1,
      instrument: 'cli',
      prompt: ['[ -e mended ]'],
      retry: { max_retries: 1 },
    })
    const { id } = await engine.jobs.submit(score, { escalate: true })
    const held = await engine.reaches(id, 'waiting')
    expect(held.needsYou).toBe(true)
    writeFileSync(place.inWorkspace('mended'), '')
    await engine.jobs.decide(id, 1, 'retry')
    await engine.reaches(id, 'completed')
  })
})

describe('case 18: cancel', () => {
  it('ends what ignores it, with everything it started, and nobody else', async () => {
    const bystander = gatedScore(place, 'bystander', 1)
    const safe = await engine.jobs.submit(bystander.path)
    await until('it runs', () => bystander.journal().length > 0)
    const [kept] = processesWithMarker(place.root)
    const score = place.score({
      name: 'stubborn',
      sheets: 1,
      instrument: 'rehearsal',
      prompt: ['Hang.', 'REHEARSAL: HANG IGNORE_TERM SPAWN_CHILD'],
    })
    const { id } = await engine.jobs.submit(score, { workspace: join(place.root, 'other') })
    await until('its child lives', () =>
      processesWithMarker(place.root).some(({ marker, command }) => marker.startsWith(id) && command.startsWith('sleep 3600')),
    )
    await engine.jobs.cancel(id)
    await engine.reaches(id, 'cancelled')
    expect(processesWithMarker(place.root).filter(({ marker }) => marker.startsWith(id))).toEqual([])
    expect(isAlive(kept?.pid ?? 0)).toBe(true)
    bystander.open(1)
    await engine.reaches(safe.id, 'completed')
  })
})

describe('isolation', () => {
  it('lets a job write, check and read in a worktree of its own; the checkout stays as it is', async () => {
    const git = (...args: string[]) => execFileSync('git', ['-C', place.workspace, ...args], { encoding: 'utf8' })
    git('init', '-q')
    git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-q', '--allow-empty', '-m', 'first')
    const score = place.score({
      name: 'apart',
      sheets: 1,
      instrument: 'cli',
      isolation: { enabled: true, cleanup_on_success: false },
      prompt: ['echo "{{ workspace }}" >here', 'echo "$FERMATA_WORKSPACE" >>here'],
      validations: [
        { type: 'file_exists', path: 'here' },
        { type: 'command_succeeds', command: 'test -e here', retry_count: 0 },
      ],
    })
    const { id } = await engine.jobs.submit(score)
    await engine.reaches(id, 'completed')
    const worktree = place.inWorkspace(`.worktrees/${id}`)
    expect(readFileSync(join(worktree, 'here'), 'utf8')).toBe(`${worktree}\n${worktree}\n`)
    expect(existsSync(place.inWorkspace('here'))).toBe(false)
  })
})

describe('case 20: what follows a job', () => {
  it('runs after new work only, and a chain has an end', async () => {
    const path = place.score({
      name: 'circle',
      sheets: 1,
      instrument: 'cli',
      prompt: ['echo played >>played'],
      on_success: [{ type: 'run_job', job_path: 'circle.yaml', fresh: true }],
      concert: { enabled: true, max_chain_depth: 3, cooldown_between_jobs_seconds: 0 },
    })
    await engine.jobs.submit(path)
    await until('the chain has ended', async () => {
      const jobs = await engine.jobs.list()
      return jobs.length >= 3 && jobs.every(({ status }) => status === 'completed' || status === 'failed')
    })
    const jobs = await engine.jobs.list()
    expect(journal().length).toBe(jobs.length)
    expect(jobs.length).toBeLessThanOrEqual(4)
    expect(jobs[0]?.reason).toMatch(/chain/)
  })

  it('that fails makes the job failed, and resuming runs it again', async () => {
    const path = place.score({
      name: 'follow',
      sheets: 1,
      instrument: 'cli',
      prompt: ['echo played >>played'],
      on_success: [{ type: 'run_command', command: 'test -e mended', description: 'It is mended' }],
    })
    const { id } = await engine.jobs.submit(path)
    expect((await engine.reaches(id, 'failed')).reason).toMatch(/It is mended/)
    writeFileSync(place.inWorkspace('mended'), '')
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
    expect(journal()).toEqual(['played'])
  })
})
