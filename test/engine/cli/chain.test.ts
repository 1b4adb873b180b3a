import { existsSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type GatedScore, gatedScore, makePlace, type Place } from '../../support/place.ts'
import { killAll, processesWithMarker } from '../../support/processes.ts'
import { until } from '../../support/wait.ts'
import { fermata, type RunningCommand } from './command.ts'

const ENCORE = { type: 'run_job', job_path: 'encore.yaml' }

describe('the fermata command with a score that another one follows', () => {
  let place: Place
  let encore: GatedScore
  beforeEach(() => {
    place = makePlace()
    encore = gatedScore(place, 'encore', 2)
  })
  afterEach(() => {
    killAll(processesWithMarker(place.root).map(({ pid }) => pid))
    place.remove()
  })

  /** One sheet that hands over to the encore. */
  const overture = (hooks: readonly Readonly<Record<string, unknown>>[] = [ENCORE]) =>
    place.score({
      name: 'overture',
      sheets: 1,
      instrument: 'cli',
      prompt: ['true'],
      on_success: hooks,
      concert: { enabled: true, cooldown_between_jobs_seconds: 0 },
    })

  const encoreAtWork = async (score: string): Promise<RunningCommand> => {
    const command = fermata(place, [score])
    await until('the encore works', () => encore.journal().includes('start 1 attempt 1'))
    await command.says('encore: 2 sheets on cli')
    return command
  }

  const playedOnce = [1, 2].flatMap((sheet) => [`start ${sheet} attempt 1`, `end ${sheet} attempt 1`])

  it('stays until both are played, and shows one after the other', async () => {
    encore.open(1, 2)
    const { status, stdout, stderr } = await fermata(place, [overture()]).ended
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const told = stdout.split('\n').filter((line) => !/^ {2}(files:|\d of)/.test(line))
    expect(told).toEqual([
      '  overture: 1 sheet on cli',
      '▸ sheet 1 of 1',
      expect.stringContaining('✓ sheet 1 of 1 done'),
      '✓ overture completed',
      '  encore: 2 sheets on cli',
      '▸ sheet 1 of 2',
      expect.stringContaining('✓ sheet 1 of 2 done'),
      '▸ sheet 2 of 2',
      expect.stringContaining('✓ sheet 2 of 2 done'),
      '✓ encore completed',
      '',
    ])
    expect(encore.journal()).toEqual(playedOnce)
  })

  it('tells programs of both', async () => {
    encore.open(1, 2)
    const { status, stdout } = await fermata(place, [overture(), '--json']).ended
    expect(status).toBe(0)
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const ends = records.filter(({ type, event }) => type === 'job' && (event === 'started' || event === 'completed'))
    expect(ends.map(({ event, data }) => `${data.name} ${event}`).sort()).toEqual([
      'encore completed',
      'encore started',
      'overture completed',
      'overture started',
    ])
  })

  it('ends with 1 when the second fails, and goes on with that one when it is started again', async () => {
    const broken = gatedScore(place, 'encore', 2, {
      validations: [{ type: 'file_exists', path: '{workspace}/mended' }],
      retry: { max_retries: 0, max_completion_attempts: 0 },
    })
    broken.open(1, 2)
    const score = overture()
    const first = await fermata(place, [score]).ended
    expect(first.status).toBe(1)
    expect(first.stdout).toContain('✓ overture completed')
    expect(first.stdout).toContain('✗ encore: Failed on sheet 1')

    writeFileSync(place.inWorkspace('mended'), '')
    const second = await fermata(place, [score]).ended
    expect(second.status).toBe(0)
    expect(second.stdout).toContain('Going on with job encore-')
    expect(second.stdout).not.toContain('overture completed')
  })

  it('ends with 3 when the second waits to be let start, which the same command does', async () => {
    encore.open(1, 2)
    const score = overture([{ ...ENCORE, pause_before_chain: true }])
    const first = await fermata(place, [score]).ended
    expect(first.status).toBe(3)
    expect(first.stdout).toMatch(/✓ overture completed\n.+\n.+\n.+Job encore-\w+ waits until you let it start/)
    expect(encore.journal()).toEqual([])

    expect(await fermata(place, [score]).ended).toMatchObject({ status: 0 })
    expect(encore.journal()).toEqual(playedOnce)
  })

  it('pauses the second at Ctrl-C, and cancels it at another', async () => {
    const score = overture()
    const first = await encoreAtWork(score)
    first.signal('SIGINT')
    await first.says('Pausing after this sheet')
    encore.open(1)
    const paused = await first.ended
    expect(paused.status).toBe(3)
    expect(paused.stdout).toContain('encore: Paused by you after sheet 1')

    const second = fermata(place, [score])
    await until('the encore goes on', () => encore.journal().includes('start 2 attempt 1'))
    second.signal('SIGINT')
    await second.says('Pausing after this sheet')
    second.signal('SIGINT')
    expect(await second.ended).toMatchObject({ status: 130 })
    expect(processesWithMarker(place.root)).toEqual([])
  })

  it('lets Ctrl-C hold for the second, too, when it comes between the two', async () => {
    const gate = { type: 'run_command', command: 'touch between; until [ -e gate ]; do sleep 0.05; done' }
    const score = overture([gate, ENCORE])
    const command = fermata(place, [score])
    await until('the hook works', () => existsSync(place.inWorkspace('between')))
    command.signal('SIGINT')
    await command.says('Pausing after this sheet')
    writeFileSync(place.inWorkspace('gate'), '')
    const { status, stdout } = await command.ended
    expect(status).toBe(3)
    expect(stdout).toContain('waits until you let it start')
    expect(encore.journal()).toEqual([])
  })

  it('leaves the second running at SIGTERM, and takes it up again when it is started again', async () => {
    const score = overture()
    const first = await encoreAtWork(score)
    first.signal('SIGTERM')
    const { status, stdout } = await first.ended
    expect(status).toBe(143)
    expect(stdout).toContain('Sheet 1 runs on without Fermata')

    encore.open(1, 2)
    const second = await fermata(place, [score]).ended
    expect(second.status).toBe(0)
    expect(second.stdout).toContain('Going on with job encore-')
    expect(encore.journal()).toEqual(playedOnce)
  })
})
