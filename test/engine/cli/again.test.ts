import { utimesSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type GatedScore, gatedScore, makePlace, type Place } from '../../support/place.ts'
import { killAll, processesWithMarker } from '../../support/processes.ts'
import { until } from '../../support/wait.ts'
import { fermata, type RunningCommand } from './command.ts'

/** Sheet 2 needs `mended` to be there, or fails at once. */
const BREAKABLE = {
  validations: [{ type: 'file_exists', path: '{workspace}/mended', condition: 'sheet_num == 2', retry_count: 0 }],
  retry: { max_retries: 0, max_completion_attempts: 0 },
}

/** As if an editor had saved it a minute from now. */
function saveLater(path: string): void {
  const later = new Date(Date.now() + 60_000)
  utimesSync(path, later, later)
}

describe('the fermata command, given again', () => {
  let place: Place
  let score: GatedScore
  beforeEach(() => {
    place = makePlace()
    score = gatedScore(place, 'again', 2, BREAKABLE)
  })
  afterEach(() => {
    killAll(processesWithMarker(place.root).map(({ pid }) => pid))
    place.remove()
  })

  const play = (...options: string[]) => fermata(place, [score.path, ...options]).ended
  const starts = (sheet: number) => score.journal().filter((line) => line.startsWith(`start ${sheet} `)).length
  const mend = () => writeFileSync(place.inWorkspace('mended'), '')
  const playToTheEnd = (...options: string[]) => {
    score.open(1, 2, 3)
    return play(...options)
  }
  /** Begins, and is interrupted by Ctrl-C while sheet 1 works. */
  const playAndInterrupt = async (): Promise<RunningCommand> => {
    const command = fermata(place, [score.path])
    await until('sheet 1 works', () => starts(1) === 1)
    command.signal('SIGINT')
    await command.says('Pausing after this sheet')
    return command
  }
  const pauseAfterSheet1 = async () => {
    const command = await playAndInterrupt()
    score.open(1)
    expect(await command.ended).toMatchObject({ status: 3 })
  }

  it('goes on with a job that failed, and keeps its finished sheets', async () => {
    expect(await playToTheEnd()).toMatchObject({ status: 1 })
    mend()
    const { status, stdout } = await play()
    expect(status).toBe(0)
    expect(stdout).toMatch(/Going on with job again-\w+, which failed: its finished sheets stay/)
    expect([starts(1), starts(2)]).toEqual([1, 2])
  })

  it('plays all of a failed job again with --fresh', async () => {
    await playToTheEnd()
    mend()
    expect(await play('--fresh')).toMatchObject({ status: 0 })
    expect([starts(1), starts(2)]).toEqual([2, 2])
  })

  it('leaves a completed job alone while its score has not changed', async () => {
    mend()
    expect(await playToTheEnd()).toMatchObject({ status: 0 })
    const { status, stdout, stderr } = await play()
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^ {2}Job again-\w+ is completed already, .+ --fresh plays it again\.\n$/)
    expect(starts(1)).toBe(1)
  })

  it('plays a completed job again with --fresh, and when its score was written since', async () => {
    mend()
    await playToTheEnd()
    await play('--fresh')
    expect(starts(1)).toBe(2)
    saveLater(score.path)
    expect(await play()).toMatchObject({ status: 0, stdout: expect.not.stringContaining('completed already') })
    expect(starts(1)).toBe(3)
  })

  it('does not take a job that was played elsewhere for one in its own workspace', async () => {
    const quick = place.score({ name: 'quick', sheets: 1, instrument: 'cli', prompt: ['echo played >>plays'] })
    await fermata(place, [quick, '--workspace', 'elsewhere']).ended
    const { status, stdout } = await fermata(place, [quick]).ended
    expect(status).toBe(0)
    expect(stdout).toContain(`files: ${place.workspace}`)
    expect((await fermata(place, [quick, '--workspace', 'elsewhere']).ended).stdout).toContain('completed already')
  })

  it('starts anew after a cancel', async () => {
    const command = await playAndInterrupt()
    command.signal('SIGINT')
    expect(await command.ended).toMatchObject({ status: 130 })
    mend()
    expect(await playToTheEnd()).toMatchObject({ status: 0, stdout: expect.not.stringContaining('Going on') })
    expect(starts(1)).toBe(2)
  })

  it('plays a failed job anew when its score has other sheets now, and says so', async () => {
    expect(await playToTheEnd()).toMatchObject({ status: 1 })
    mend()
    score = gatedScore(place, 'again', 3, BREAKABLE)
    const { status, stdout } = await play()
    expect(status).toBe(0)
    expect(stdout).toMatch(/Job again-\w+ failed and cannot go on\. The score has 3 sheets now.+ The score is played anew\./)
    expect([starts(1), starts(3)]).toEqual([2, 1])
  })

  it('refuses to go on with an unfinished job when its score has other sheets now', async () => {
    await pauseAfterSheet1()
    score = gatedScore(place, 'again', 3)
    const { status, stderr } = await play()
    expect(status).toBe(2)
    expect(stderr).toContain('The score has 3 sheets now')
    expect(starts(1)).toBe(1)
  })

  it.each([
    [['--start-sheet', '2'], '--start-sheet'],
    [['--escalation'], '--escalation'],
    [['--escalation', '--start-sheet', '2'], '--start-sheet and --escalation'],
  ])('refuses %j for a job that would go on, paused or failed', async (options, named) => {
    await pauseAfterSheet1()
    const paused = await play(...options)
    expect(await playToTheEnd()).toMatchObject({ status: 1 })
    const failed = await play(...options)
    for (const { status, stdout, stderr } of [paused, failed]) {
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).toMatch(/ only be given to a new job, but job \S+ \((failed|paused)\) would go on\.\n {2}Add --fresh/)
      expect(stderr).toContain(`fermata: ${named} can`)
    }
    expect([starts(1), starts(2)]).toEqual([1, 1])
  })
})
