import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addInstrument, startEngine, type TestEngine } from '../../support/engine.ts'
import { gatedScore, makePlace, type Place } from '../../support/place.ts'
import { processesWithMarker } from '../../support/processes.ts'
import { until } from '../../support/wait.ts'

let place: Place
let engine: TestEngine

beforeEach(async () => {
  place = makePlace()
  engine = await startEngine(place)
})
afterEach(async () => {
  for (const job of await engine.jobs.list()) if (job.can.cancel) await engine.jobs.cancel(job.id)
  await until('nothing runs any more', () => processesWithMarker(place.root).length === 0)
  await engine.close()
  place.remove()
})

const rehearsal = (name: string, sheets: number, ...directives: string[]) =>
  place.score({
    name,
    sheets,
    instrument: 'rehearsal',
    prompt: [
      'Write about sheet {{ sheet_num }}.',
      'REHEARSAL: DURATION=0.1 STEPS=1',
      ...directives,
      'Save to: sheet-{{ sheet_num }}.md',
    ],
    validations: [{ type: 'file_exists', path: 'sheet-{sheet_num}.md' }],
    retry: { max_retries: 3, base_delay_seconds: 0.05, jitter: false },
  })

describe('a score that goes well', () => {
  it('plays every sheet once, in order, and adds up the tokens', async () => {
    const { id } = await engine.jobs.submit(rehearsal('hello', 3))
    const job = await engine.reaches(id, 'completed')
    expect(job.sheets.map(({ status, attempts }) => [status, attempts])).toEqual([
      ['completed', 1],
      ['completed', 1],
      ['completed', 1],
    ])
    expect(existsSync(place.inWorkspace('sheet-3.md'))).toBe(true)
    const sum = job.sheets.reduce((tokens, { usage }) => tokens + usage.outputTokens, 0)
    expect(sum).toBeGreaterThan(0)
    expect(job.usage.outputTokens).toBe(sum)
    expect(job.usage.costUsd).toBeGreaterThan(0)
    const news = engine.told.flatMap((event) =>
      event.type === 'job' || event.type === 'sheet' ? [`${event.type} ${event.news}`] : [],
    )
    const sheet = ['sheet started', 'sheet completed']
    expect(news).toEqual(['job started', ...sheet, ...sheet, ...sheet, 'job completed'])
    expect(engine.problems).toEqual([])
  })

  it('keeps the output of every attempt, to be read in windows', async () => {
    const { id } = await engine.jobs.submit(rehearsal('logged', 1))
    await engine.reaches(id, 'completed')
    const window = await engine.jobs.logWindow(id, 1, 0, 'stdout', -1, 1)
    expect(window.attempt).toBe(1)
    expect(JSON.parse(window.lines[0] ?? '')).toMatchObject({ type: 'result', is_error: false })
    expect(window.from).toBe(window.totalLines)
    expect(window.isGone).toBe(false)
    rmSync(join(place.dataDir, 'attempts'), { recursive: true })
    expect((await engine.jobs.logWindow(id, 1, 0, 'stdout', -1, 1)).isGone).toBe(true)
  })

  it('tells while it runs which process it is and that it lives', async () => {
    const score = gatedScore(place, 'alive', 1)
    const { id } = await engine.jobs.submit(score.path)
    const attempt = await until('the attempt lives', async () =>
      (await engine.jobs.status(id)).running.find(({ phase }) => phase === 'running'),
    )
    expect(processesWithMarker(place.root).map(({ pid }) => pid)).toContain(attempt.pid)
    score.open(1)
    expect((await engine.reaches(id, 'completed')).running).toEqual([])
  })
})

describe('a sheet that fails', () => {
  it('is tried again until it succeeds', async () => {
    const { id } = await engine.jobs.submit(rehearsal('flaky', 2, 'REHEARSAL: FAIL_FIRST=1'))
    const job = await engine.reaches(id, 'completed')
    expect(job.sheets.map(({ attempts, failures }) => [attempts, failures])).toEqual([
      [2, 1],
      [2, 1],
    ])
  })

  it('fails the job when its tries are used up, and says why', async () => {
    const score = place.score({
      name: 'doomed',
      sheets: 2,
      instrument: 'cli',
      prompt: ['echo attempt >>journal', 'exit 3'],
      retry: { max_retries: 2, base_delay_seconds: 0.05 },
    })
    const { id } = await engine.jobs.submit(score)
    const job = await engine.reaches(id, 'failed')
    expect(readFileSync(place.inWorkspace('journal'), 'utf8')).toBe('attempt\nattempt\n')
    expect(job.reason).toMatch(/^Failed on sheet 1: .*3/)
  })

  it('is tried again alone: what the failed attempt left running is ended first', async () => {
    const { id } = await engine.jobs.submit(
      place.score({
        name: 'leftovers',
        sheets: 1,
        instrument: 'cli',
        prompt: [
          'alive() { grep -q "^State:.[RSD]" "/proc/$1/status" 2>/dev/null; }',
          'if [ -e child ]; then alive "$(cat child)" && exit 2; exit 0; fi',
          'sleep 1000 &',
          'echo $! >child',
          'exit 1',
        ],
        retry: { max_retries: 2, base_delay_seconds: 0 },
      }),
    )
    expect((await engine.reaches(id, 'completed')).sheets[0]?.attempts).toBe(2)
  })

  it('that is not logged in waits for its user, and takes the blame from no other sheet', async () => {
    const { id } = await engine.jobs.submit(rehearsal('auth', 2, 'REHEARSAL: AUTH'))
    const job = await engine.reaches(id, 'waiting')
    expect(job.sheets[0]).toMatchObject({ status: 'waiting', attempts: 1, failures: 0, error: { code: 'E502' } })
    expect(job.sheets[1]?.status).toBe('pending')
    expect(job).toMatchObject({ needsYou: true, wakeAt: null, limitWait: { instrument: 'rehearsal', cause: 'login' } })
  })

  it('goes on at the failed sheet when its user resumes', async () => {
    const score = place.score({
      name: 'mended',
      sheets: 2,
      instrument: 'cli',
      prompt: ['echo run {{ sheet_num }} >>journal', '[ {{ sheet_num }} = 1 ] || [ -e mended ]'],
      retry: { max_retries: 1 },
    })
    const { id } = await engine.jobs.submit(score)
    await engine.reaches(id, 'failed')
    writeFileSync(place.inWorkspace('mended'), '')
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
    expect(readFileSync(place.inWorkspace('journal'), 'utf8')).toBe('run 1\nrun 2\nrun 2\n')
  })

  it('that hangs is stopped when its time is up, with everything it started', async () => {
    await engine.close()
    addInstrument(place, {
      name: 'impatient',
      display_name: 'Impatient',
      description: 'bash with one second of patience',
      default_timeout_seconds: 1,
      raw_prompt: true,
      cli: { command: { executable: 'bash', prompt_flag: '-c', prompt_via_stdin: false }, output: { format: 'text' } },
    })
    engine = await startEngine(place)
    const score = place.score({
      name: 'hang',
      sheets: 1,
      instrument: 'impatient' as 'cli',
      prompt: ["trap '' TERM", 'sleep 300 & sleep 300'],
      retry: { max_retries: 1 },
    })
    const { id } = await engine.jobs.submit(score)
    const job = await engine.reaches(id, 'failed')
    expect(job.sheets[0]?.error).toMatchObject({ code: 'E001' })
    expect(processesWithMarker(place.root)).toEqual([])
  })

  it('whose program is missing says so and what to do', async () => {
    await engine.close()
    addInstrument(place, {
      name: 'absent',
      display_name: 'Absent',
      description: 'nobody has this',
      cli: { command: { executable: 'no-such-program-anywhere', prompt_via_stdin: true }, output: { format: 'text' } },
    })
    engine = await startEngine(place)
    const { id } = await engine.jobs.submit(
      place.score({ name: 'absent', sheets: 1, instrument: 'absent' as 'cli', prompt: ['hello'] }),
    )
    const job = await engine.reaches(id, 'failed')
    expect(job.reason).toMatch(/no-such-program-anywhere/)
    expect(job.sheets[0]?.attempts).toBe(1)
  })

  it('whose template names something unknown says where', async () => {
    const { id } = await engine.jobs.submit(
      place.score({ name: 'typo', sheets: 1, instrument: 'cli', prompt: ['echo {{ shet_num }}'] }),
    )
    const job = await engine.reaches(id, 'failed')
    expect(job.reason).toMatch(/shet_num/)
  })
})

describe('a rate limit', () => {
  it('makes the job wait and go on by itself, without using up its tries', async () => {
    const { id } = await engine.jobs.submit(rehearsal('limited', 1, 'REHEARSAL: RATE_LIMIT_FIRST=1 RATE_LIMIT_SECONDS=1'))
    const waiting = await engine.reaches(id, 'waiting')
    expect(waiting.reason).toMatch(/rate limit/)
    expect(waiting.wakeAt).toBeGreaterThan(0)
    const job = await engine.reaches(id, 'completed')
    expect(job.sheets[0]).toMatchObject({ attempts: 2, failures: 0 })
  })

  it('that is taken back ends the wait, also of the sheet that met it', async () => {
    const { id } = await engine.jobs.submit(rehearsal('released', 1, 'REHEARSAL: RATE_LIMIT_FIRST=1 RATE_LIMIT_SECONDS=3600'))
    await engine.reaches(id, 'waiting')
    expect(engine.jobs.clearRateLimits('cli')).toBe(0)
    expect((await engine.jobs.status(id)).status).toBe('waiting')
    expect(engine.jobs.clearRateLimits('rehearsal')).toBe(1)
    expect((await engine.reaches(id, 'completed')).sheets).toMatchObject([{ attempts: 2, failures: 0 }])
  })
})

describe('checks', () => {
  it('of all five kinds hold or fail the sheet, each saying what is missing', async () => {
    const checks = [
      { type: 'file_exists', path: '{workspace}/a.md' },
      { type: 'file_modified', path: 'old.md' },
      { type: 'content_contains', path: 'a.md', pattern: 'sheet 1' },
      { type: 'content_regex', path: 'a.md', pattern: '^# \\w+' },
      { type: 'command_succeeds', command: 'test "$(wc -l < "{workspace}/a.md")" -ge 2' },
    ].map((rule) => ({ ...rule, retry_count: 0 }))
    writeFileSync(place.inWorkspace('old.md'), 'before')
    const good = place.score({
      name: 'good',
      sheets: 1,
      instrument: 'cli',
      prompt: ["printf '# Title\\nsheet {{ sheet_num }}\\n' > a.md", 'echo after > old.md'],
      validations: checks,
    })
    const passed = await engine.reaches((await engine.jobs.submit(good)).id, 'completed')
    expect(passed.sheets[0]?.validation).toEqual({ passed: 5, total: 5, failures: [], skipped: 0 })

    const bad = place.score({
      name: 'bad',
      sheets: 1,
      instrument: 'cli',
      prompt: ['echo wrong > a.md'],
      validations: checks,
      retry: { max_retries: 1 },
    })
    const failed = await engine.reaches((await engine.jobs.submit(bad)).id, 'failed')
    expect(failed.sheets[0]?.validation).toMatchObject({ passed: 1, total: 5 })
    expect(failed.sheets[0]?.validation?.failures).toEqual([
      'old.md was not changed',
      'a.md does not contain "sheet 1"',
      'a.md does not match ^# \\w+',
      expect.stringContaining('ended with status 1'),
    ])
    expect(failed.reason).toBe('Failed on sheet 1: 4 of 5 checks failed: old.md was not changed')
  })

  it('that run a command are ended when their time is up', async () => {
    const score = place.score({
      name: 'slow-check',
      sheets: 1,
      instrument: 'cli',
      prompt: ['true'],
      validations: [{ type: 'command_succeeds', command: 'sleep 300 & sleep 300', timeout_seconds: 1, retry_count: 0 }],
      retry: { max_retries: 1 },
    })
    const job = await engine.reaches((await engine.jobs.submit(score)).id, 'failed')
    expect(job.reason).toMatch(/did not end within 1 s/)
    expect(processesWithMarker(place.root)).toEqual([])
  })
})

describe('slots', () => {
  it('are shared: a job that gets none says why, and starts when one is free', async () => {
    await engine.close()
    engine = await startEngine(place, { maxConcurrentSheets: 1 })
    const first = gatedScore(place, 'first', 1)
    const one = await engine.jobs.submit(first.path)
    await until('the first runs', () => first.journal().includes('start 1 attempt 1'))
    const second = await engine.jobs.submit(place.score({ name: 'second', sheets: 1, instrument: 'cli', prompt: ['true'] }))
    expect((await engine.jobs.status(second.id)).reason).toBe('Not running: 1 of 1 sheet slots are taken; next in line')
    first.open(1)
    await engine.reaches(one.id, 'completed')
    await engine.reaches(second.id, 'completed')
  })
})

describe('what is refused before anything runs', () => {
  it('a score that is not there, not a score, or names no known instrument', async () => {
    await expect(engine.jobs.submit(join(place.root, 'none.yaml'))).rejects.toMatchObject({
      code: 'SCORE_NOT_FOUND',
      remedy: expect.any(String),
    })
    writeFileSync(join(place.root, 'bad.yaml'), 'name: x\nworkspce: y\n')
    await expect(engine.jobs.submit(join(place.root, 'bad.yaml'))).rejects.toMatchObject({
      code: 'SCORE_INVALID',
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ line: 2, column: 1, remedy: expect.stringContaining('workspace') }),
      ]),
    })
    const unknown = place.score({ name: 'u', sheets: 1, instrument: 'rehearsl' as 'cli', prompt: ['x'] })
    await expect(engine.jobs.submit(unknown)).rejects.toMatchObject({
      code: 'INSTRUMENT_UNKNOWN',
      remedy: expect.stringContaining('rehearsal'),
    })
    expect(await engine.jobs.list()).toEqual([])
  })

  it('a second run of a score in the same workspace, while the first is not finished', async () => {
    const score = gatedScore(place, 'twin', 1)
    await engine.jobs.submit(score.path)
    await expect(engine.jobs.submit(score.path)).rejects.toMatchObject({ code: 'JOB_ACTIVE' })
  })

  it('a second engine on the same data folder', async () => {
    await expect(startEngine(place)).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE', remedy: expect.any(String) })
  })
})

describe('a sheet that is mended', () => {
  it('need not change again what an earlier attempt has changed', async () => {
    const path = place.score({
      name: 'mended',
      sheets: 1,
      instrument: 'cli',
      prompt: ['if [ -e a ]; then touch b; else touch a; fi'],
      validations: ['a', 'b'].map((name) => ({ type: 'file_modified', path: `{workspace}/${name}`, retry_count: 0 })),
      retry: { completion_delay_seconds: 0, max_completion_attempts: 2, max_retries: 1 },
    })
    const { id } = await engine.jobs.submit(path)
    expect((await engine.reaches(id, 'completed')).sheets).toMatchObject([{ attempts: 2 }])
  })
})
