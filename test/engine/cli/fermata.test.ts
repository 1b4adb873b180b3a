import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addInstrument } from '../../support/engine.ts'
import { makePlace, type Place } from '../../support/place.ts'
import { killAll, processesWithMarker } from '../../support/processes.ts'
import { fermata, homeOf } from './command.ts'

/** Two pages, written at once. */
const hello = (place: Place) =>
  place.score({
    name: 'hello',
    sheets: 2,
    instrument: 'rehearsal',
    prompt: ['Write page {{ sheet_num }}.', 'REHEARSAL: DURATION=0.2 STEPS=2', 'Save to: page-{{ sheet_num }}.md'],
    validations: [{ type: 'file_exists', path: '{workspace}/page-{sheet_num}.md' }],
  })

describe('the fermata command', () => {
  let place: Place
  beforeEach(() => {
    place = makePlace()
  })
  afterEach(() => {
    killAll(processesWithMarker(place.root).map(({ pid }) => pid))
    place.remove()
  })

  it('plays a score with progress and ends with 0', async () => {
    const { status, stdout, stderr } = await fermata(place, [hello(place)]).ended
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toEqual([
      '  hello: 2 sheets on rehearsal',
      '▸ sheet 1 of 2',
      expect.stringMatching(/^✓ sheet 1 of 2 done · [^·]+ s · \d+ tokens/),
      '▸ sheet 2 of 2',
      expect.stringMatching(/^✓ sheet 2 of 2 done · [^·]+ s · \d+ tokens/),
      '✓ hello completed',
      expect.stringMatching(/^ {2}2 of 2 sheets · [^·]+ s · \d+ tokens/),
      `  files: ${place.workspace}`,
    ])
    expect(readdirSync(place.workspace).sort()).toEqual(['page-1.md', 'page-2.md'])
  })

  it('tries a sheet again, ends with 1 when that does not help, and says why', async () => {
    const score = place.score({
      name: 'doomed',
      sheets: 2,
      instrument: 'rehearsal',
      prompt: ['REHEARSAL: DURATION=0.1 FAIL_FIRST=99'],
      retry: { max_retries: 2, base_delay_seconds: 0.1, jitter: false },
    })
    const { status, stdout } = await fermata(place, [score]).ended
    expect(status).toBe(1)
    expect(stdout).toMatch(/^↻ sheet 1 of 2 failed: .+ \(E\d+\); attempt 2 in \S+ s$/m)
    expect(stdout).toMatch(/^▸ sheet 1 of 2, attempt 2$/m)
    expect(stdout).toMatch(/^✗ sheet 1 of 2 failed: .+ \(E\d+\)$/m)
    expect(stdout).toMatch(/^✗ doomed: Failed on sheet 1: .+$/m)
    expect(stdout).not.toContain('sheet 2')
  })

  it('ends with 3 where a login is wanted and says what to do; given again after that it goes on', async () => {
    const program = join(place.root, 'agent')
    writeFileSync(program, `#!/bin/sh\n[ -e ${place.root}/login ] || { echo Not logged in >&2; exit 1; }\n`, { mode: 0o755 })
    addInstrument(place, {
      name: 'agent',
      cli: { command: { executable: program }, errors: { auth_error_patterns: ['not logged in'] } },
    })
    const score = place.score({ name: 'locked', sheets: 2, instrument: 'agent', prompt: ['Go.'] })
    const first = await fermata(place, [score]).ended
    expect(first.status).toBe(3)
    expect(first.stdout).toContain('agent could not log in: Not logged in')
    expect(first.stdout).toContain('Log in to agent, then give the same command again')
    expect((await fermata(place, [score]).ended).status).toBe(3)
    writeFileSync(join(place.root, 'login'), '')
    const last = await fermata(place, [score]).ended
    expect(last.status).toBe(0)
    expect(last.stdout).toContain('✓ locked completed')
  })

  it('refuses a broken file with 2, each line that is wrong, and what to write instead', async () => {
    const score = join(place.root, 'broken.yaml')
    writeFileSync(score, 'name: broken\ninstrument: rehearsal\nsheet:\n  size: 1\n  total_items: 0\npromt:\n  template: Play.\n')
    const { status, stdout, stderr } = await fermata(place, ['broken.yaml']).ended
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(new RegExp(`^${score}:5:16: .+\n {2}.+$`, 'm'))
    expect(stderr).toMatch(new RegExp(`^${score}:6:1: .+$`, 'm'))
    expect(stderr).toMatch(/^ {2}.*prompt.*$/m)
    expect(stderr).not.toMatch(/^ +at /m)
  })

  it.each([
    [['nowhere.yaml'], /nowhere\.yaml does not exist/],
    [['a.yaml', '--loud'], /Unknown option '--loud'/],
  ])('refuses %j with 2', async (args, message) => {
    const { status, stdout, stderr } = await fermata(place, args).ended
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })

  it('prints nothing but NDJSON with --json', async () => {
    const { status, stdout } = await fermata(place, [hello(place), '--json']).ended
    expect(status).toBe(0)
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const told = records.map(({ type, sheet, event }) => [type, sheet, event].filter((part) => part !== undefined).join(' '))
    expect(told).toEqual(
      expect.arrayContaining([
        'job started',
        'sheet 1 started',
        'sheet 1 validation_passed',
        'sheet 1 completed',
        'job cost_update',
        'progress progress',
        'sheet 2 completed',
        'job completed',
      ]),
    )
    expect(told.find((words) => words !== 'progress progress')).toBe('job started')
    expect(told.at(-1)).toBe('job completed')
    for (const record of records) expect(new Date(record.time).toISOString()).toBe(record.time)
    expect(new Set(records.map(({ jobId }) => jobId)).size).toBe(1)
    expect(records.at(-1).data).toMatchObject({ status: 'completed', completed_sheets: 2, failed_sheets: 0 })
    expect(records.at(-1).data.output_tokens).toBeGreaterThan(0)
  })

  it('tells programs too why a score is refused', async () => {
    const score = join(place.root, 'broken.yaml')
    writeFileSync(score, 'name: [')
    const { status, stdout, stderr } = await fermata(place, [score, '--json']).ended
    expect(status).toBe(2)
    expect(stderr).toContain(`${score}:1:`)
    const record = JSON.parse(stdout)
    expect(record).toMatchObject({ type: 'error', event: 'refused', data: { code: 'SCORE_INVALID', file: score } })
    expect(record.data.findings[0].line).toBe(1)
  })

  it('keeps everything of a run in the folder named by --data-dir', async () => {
    const score = hello(place)
    await fermata(place, [score]).ended
    expect(readdirSync(homeOf(place))).toEqual([])
    expect(readdirSync(place.root).sort()).toEqual(['data', 'hello.yaml', 'home', 'workspace'])
    expect(existsSync(join(place.dataDir, 'fermata.db'))).toBe(true)
  })

  it("uses the desktop app's folder when none is named, and the workspace it is told", async () => {
    const { status, stdout } = await fermata(place, [hello(place), '--workspace', 'elsewhere'], { dataDir: false }).ended
    expect(status).toBe(0)
    expect(existsSync(join(homeOf(place), '.config', 'Fermata', 'fermata.db'))).toBe(true)
    expect(stdout).toContain(`files: ${join(place.root, 'elsewhere')}`)
    expect(readdirSync(join(place.root, 'elsewhere')).sort()).toEqual(['page-1.md', 'page-2.md'])
    expect(readdirSync(place.workspace)).toEqual([])
  })

  it('shows what a score would do, and does nothing, with --dry-run', async () => {
    const score = hello(place)
    const { status, stdout, stderr } = await fermata(place, [score, '--dry-run', '--json', '--workspace', 'elsewhere']).ended
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const { score: name, sheets } = JSON.parse(stdout)
    expect(name).toBe('hello')
    expect(sheets).toHaveLength(2)
    expect(sheets[1]).toMatchObject({ number: 2, movement: 2, voice: 1, voices: 1, dependsOn: [1], instrument: 'rehearsal' })
    expect(sheets[1].template).toBe('Write page 2.\nREHEARSAL: DURATION=0.2 STEPS=2\nSave to: page-2.md')
    expect(sheets[1].prompt).toContain(sheets[1].template)
    expect(sheets[1].estimatedTokens).toBeGreaterThan(20)
    expect(readdirSync(place.root).sort()).toEqual(['hello.yaml', 'home', 'workspace'])
    const { stdout: text } = await fermata(place, [score, '--dry-run']).ended
    expect(text).toContain('── sheet 2 · rehearsal · after 1')
  })

  it('refuses a broken score in a dry run too, with every finding', async () => {
    writeFileSync(
      join(place.root, 'broken.yaml'),
      'name: broken\nsheet: { size: 1, total_items: 1 }\npromt: { template: Play. }\n',
    )
    const { status, stdout } = await fermata(place, ['broken.yaml', '--dry-run', '--json']).ended
    expect(status).toBe(2)
    const { score, diagnostics, sheets } = JSON.parse(stdout)
    expect({ score, sheets }).toEqual({ score: null, sheets: [] })
    expect(diagnostics).toContainEqual(expect.objectContaining({ code: 'KEY_UNKNOWN', severity: 'error', line: 3, column: 1 }))
  })

  it('leaves out the sheets before --start-sheet, and completes all the same', async () => {
    const { status, stdout } = await fermata(place, [hello(place), '--start-sheet', '2']).ended
    expect(status).toBe(0)
    expect(stdout).toContain('1 of 2 sheets')
    expect(readdirSync(place.workspace)).toEqual(['page-2.md'])
  })

  it('ends with 3 when a sheet waits for a decision, and says which', async () => {
    const score = place.score({
      name: 'held',
      sheets: 1,
      instrument: 'cli',
      prompt: ['false'],
      retry: { max_retries: 1 },
    })
    const { status, stdout } = await fermata(place, [score, '--escalation']).ended
    expect(status).toBe(3)
    expect(stdout).toContain('Sheet 1 waits for your decision: Its tries are used up')
  })

  it('goes on when nobody reads what it prints', async () => {
    const command = fermata(place, [hello(place)])
    await command.says('sheet 1 of 2')
    command.stopReading()
    expect(await command.ended).toMatchObject({ status: 0, stderr: '' })
    expect(readdirSync(place.workspace).sort()).toEqual(['page-1.md', 'page-2.md'])
  })

  it('explains itself', async () => {
    expect(await fermata(place, ['--help']).ended).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage: fermata') })
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'))
    expect(await fermata(place, ['--version']).ended).toMatchObject({ status: 0, stdout: `${version}\n` })
  })
})
