import { readFileSync } from 'node:fs'
import { gatedScore } from '../support/place.ts'
import { processesWithMarker } from '../support/processes.ts'
import { until } from '../support/wait.ts'
import { expect, expectStatus, job, jobRow, openScore, test } from './story.ts'

/** What the system says of every process of the place's attempts, such as `S` (sleeps) or `T` (stopped). */
const states = (root: string): readonly string[] =>
  processesWithMarker(root).map(({ pid }) => {
    // "pid (name) state …": the name may hold anything.
    const [state = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return state
  })

const allStopped = (root: string) => {
  const found = states(root)
  // A shell that was just starting a program waits in the kernel (D) for the child that is stopped.
  return found.length > 0 && found.every((state) => state === 'T' || state === 'D')
}

test('a job is frozen in the window and thawed in the tray, and what the window says is so', async ({
  desktop,
  place,
  start,
}) => {
  const fermata = await start()
  const page = await fermata.window()
  const score = gatedScore(place, 'still-life', 2)
  await openScore(fermata, score.path)
  await until('sheet 1 at work', () => score.journal().at(-1) === 'start 1 attempt 1')
  await until('what its processes use', async () => (await job(page, 'still-life')).running[0]?.load?.cpuPercent !== undefined)

  const row = jobRow(page, 'still-life')
  await row.getByRole('button', { name: 'Freeze now' }).click()
  await expect(row).toContainText('Frozen')
  await expect(row).not.toContainText('Paused')
  await until('every process stopped', () => allStopped(place.root))
  await expect(row.getByRole('button', { name: 'Thaw' })).toBeFocused()
  const label = await until('the tray to agree', async () => {
    const item = await desktop.tray.find('still-life')
    return item && / · frozen$/.test(item.label) && item.label
  })
  expect(label).toContain('0 of 2 sheets')
  await until('the tooltip to count it apart', async () => (await desktop.tray.read()).tooltip === 'Fermata: 1 frozen')

  // Nothing of it moves, though nothing would keep it any more.
  score.open(1)
  const [frozen] = (await job(page, 'still-life')).running
  expect(frozen).toMatchObject({ phase: 'frozen', sheet: 1 })
  await row.getByRole('link').click()
  await expect(page.getByRole('region', { name: 'Sheet 1', exact: true })).toContainText('Frozen')
  await expect(page.locator('[data-live]')).toHaveCount(0)
  expect(allStopped(place.root)).toBe(true)
  expect(score.journal()).toEqual(['start 1 attempt 1'])

  await desktop.tray.click('still-life', 'Thaw')
  await until('sheet 2 at work', () => score.journal().at(-1) === 'start 2 attempt 1')
  await expectStatus(page, 'still-life', 'running')
  score.open(2)
  await expectStatus(page, 'still-life', 'completed')
  expect(score.journal()).toEqual(['start 1 attempt 1', 'end 1 attempt 1', 'start 2 attempt 1', 'end 2 attempt 1'])
})

test('a sheet that runs is left out after a question, and the next one goes on', async ({ place, start }) => {
  const fermata = await start()
  const page = await fermata.window()
  const score = gatedScore(place, 'shortened', 2)
  await openScore(fermata, score.path)
  await until('sheet 1 at work', () => score.journal().at(-1) === 'start 1 attempt 1')
  const attempt = processesWithMarker(place.root).map(({ marker }) => marker)[0] ?? ''
  await jobRow(page, 'shortened').getByRole('link').click()

  const question = page.getByRole('dialog', { name: 'Leave out sheet 1?' })
  await page.getByRole('button', { name: 'Leave out…' }).click()
  await question.getByRole('button', { name: 'Let it run' }).click()
  await expect(question).toBeHidden()
  expect(processesWithMarker(attempt)).not.toEqual([])

  await page.getByRole('button', { name: 'Leave out…' }).click()
  await question.getByRole('button', { name: 'End and leave out' }).click()
  await expect(page.locator('[data-sheet="1"]')).toHaveAttribute('data-status', 'skipped')
  await until('sheet 2 at work', () => score.journal().at(-1) === 'start 2 attempt 1')
  expect(processesWithMarker(attempt)).toEqual([])
  score.open(2)
  await expectStatus(page, 'shortened', 'completed')
  expect(score.journal()).toEqual(['start 1 attempt 1', 'start 2 attempt 1', 'end 2 attempt 1'])
})

test('a sheet that runs is run again after a question', async ({ place, start }) => {
  const fermata = await start()
  const page = await fermata.window()
  const score = gatedScore(place, 'repeated', 1)
  await openScore(fermata, score.path)
  await until('sheet 1 at work', () => score.journal().at(-1) === 'start 1 attempt 1')
  await jobRow(page, 'repeated').getByRole('link').click()

  await page.getByRole('button', { name: 'Run again…' }).click()
  await page.getByRole('button', { name: 'End and run again' }).click()
  await until('its second attempt', () => score.journal().at(-1) === 'start 1 attempt 2')
  score.open(1)
  await expectStatus(page, 'repeated', 'completed')
  expect(score.journal()).toEqual(['start 1 attempt 1', 'start 1 attempt 2', 'end 1 attempt 2'])
})
