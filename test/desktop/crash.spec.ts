import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gatedScore, type Place } from '../support/place.ts'
import { attemptLeaders, isAlive, killAll, processesWithMarker } from '../support/processes.ts'
import { until } from '../support/wait.ts'
import { expect, expectStatus, job, jobRow, openScore, test } from './story.ts'

type Start = (...args: readonly string[]) => ReturnType<typeof import('../support/fermata.ts').launchFermata>

/** A job of four sheets that is in the middle of its third. */
async function inTheThirdSheet(place: Place, start: Start) {
  const score = gatedScore(place, 'opus', 4)
  score.open(1, 2)
  const fermata = await start()
  await openScore(fermata, score.path)
  await until('sheet 3 at work', () => score.journal().at(-1) === 'start 3 attempt 1')
  await expect(jobRow(await fermata.window(), 'opus')).toContainText('2 of 4 sheets')
  return { score, fermata }
}

const FINISHED_ONCE = [1, 2, 3, 4].flatMap((sheet) => [`start ${sheet} attempt 1`, `end ${sheet} attempt 1`])

test.describe('after kill -9 of the whole app during sheet 3', () => {
  test('the sheet in flight lives on, is adopted, and no sheet runs twice', async ({ desktop, place, start }) => {
    const { score, fermata } = await inTheThirdSheet(place, start)
    const attempts = attemptLeaders(place.root).map(({ pid }) => pid)
    await fermata.kill()
    expect(attempts).toHaveLength(1)
    expect(attempts.filter(isAlive)).toEqual(attempts)

    const again = await start()
    const page = await again.window()
    await expectStatus(page, 'opus', 'running')
    const adopted = await job(page, 'opus')
    expect(adopted.sheets.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual([
      'completed 1',
      'completed 1',
      'in_progress 1',
      'pending 0',
    ])
    expect(adopted.running).toEqual([expect.objectContaining({ sheet: 3, phase: 'running', pid: attempts[0] })])
    expect(attemptLeaders(place.root).map(({ pid }) => pid)).toEqual(attempts)
    await until('a sign of life of the adopted attempt', async () => (await job(page, 'opus')).running[0]?.lastOutputAt)
    await until('the adopted job in the tray', async () => (await desktop.tray.find('opus'))?.label.includes('2 of 4 sheets'))

    score.open(3, 4)
    await expectStatus(page, 'opus', 'completed')
    expect(score.journal()).toEqual(FINISHED_ONCE)
    expect(processesWithMarker(place.root)).toEqual([])
  })

  test('a sheet that ended while the app was away counts as it ended', async ({ place, start }) => {
    const { score, fermata } = await inTheThirdSheet(place, start)
    await fermata.kill()
    score.open(3)
    await until('the end of sheet 3 without the app', () => processesWithMarker(place.root).length === 0)

    const page = await (await start()).window()
    await until('sheet 4 at work', () => score.journal().at(-1) === 'start 4 attempt 1')
    score.open(4)
    await expectStatus(page, 'opus', 'completed')
    expect(score.journal()).toEqual(FINISHED_ONCE)
  })

  test('with its attempt killed too, the sheet runs again by itself', async ({ place, start }) => {
    const { score, fermata } = await inTheThirdSheet(place, start)
    await fermata.kill()
    killAll(processesWithMarker(place.root).map(({ pid }) => pid))
    await until('the end of the attempt', () => processesWithMarker(place.root).length === 0)

    const page = await (await start()).window()
    await until('its second attempt', () => score.journal().at(-1) === 'start 3 attempt 2')
    score.open(3, 4)
    await expectStatus(page, 'opus', 'completed')
    const rest = ['start 3 attempt 2', 'end 3 attempt 2', ...FINISHED_ONCE.slice(6)]
    expect(score.journal()).toEqual([...FINISHED_ONCE.slice(0, 5), ...rest])
  })

  test('with its attempt killed too, a user who wants to be asked sees the job interrupted, and resumes it', async ({
    place,
    start,
  }) => {
    const { score, fermata } = await inTheThirdSheet(place, start)
    await fermata.kill()
    killAll(processesWithMarker(place.root).map(({ pid }) => pid))
    await until('the end of the attempt', () => processesWithMarker(place.root).length === 0)
    writeFileSync(join(place.dataDir, 'settings.json'), JSON.stringify({ onReturn: 'ask' }))

    const page = await (await start()).window()
    await expectStatus(page, 'opus', 'interrupted')
    await expect(jobRow(page, 'opus')).toContainText('Interrupted')
    expect((await job(page, 'opus')).running).toEqual([])
    expect(processesWithMarker(place.root)).toEqual([])
    expect(score.journal().at(-1)).toBe('start 3 attempt 1')

    score.open(3, 4)
    await page.getByRole('button', { name: 'Resume', exact: true }).click()
    await expectStatus(page, 'opus', 'completed')
    const rest = ['start 3 attempt 2', 'end 3 attempt 2', ...FINISHED_ONCE.slice(6)]
    expect(score.journal()).toEqual([...FINISHED_ONCE.slice(0, 5), ...rest])
    expect((await job(page, 'opus')).sheets.map(({ attempts }) => attempts)).toEqual([1, 1, 2, 1])
  })

  test('a paused job stays paused', async ({ place, start }) => {
    const { score, fermata } = await inTheThirdSheet(place, start)
    await (await fermata.window()).getByRole('button', { name: 'Pause after this sheet' }).click()
    await expectStatus(await fermata.window(), 'opus', 'pausing')
    await fermata.kill()
    score.open(3)
    await until('the end of sheet 3 without the app', () => processesWithMarker(place.root).length === 0)

    const page = await (await start()).window()
    await expectStatus(page, 'opus', 'paused')
    expect((await job(page, 'opus')).completedSheets).toBe(3)
    expect(score.journal()).toEqual(FINISHED_ONCE.slice(0, 6))
  })
})
