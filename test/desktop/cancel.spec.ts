import { isAlive, processesWithMarker } from '../support/processes.ts'
import { until } from '../support/wait.ts'
import { expect, expectStatus, job, jobRow, openScore, test } from './story.ts'

/** What the engine gives a process group between SIGTERM and SIGKILL, in ms. */
const GRACE = 2_000

test('cancel in the tray ends an agent that ignores SIGTERM, and its grandchild', async ({ desktop, place, start }) => {
  const fermata = await start()
  const page = await fermata.window()
  await openScore(
    fermata,
    place.score({ name: 'stubborn', sheets: 2, instrument: 'rehearsal', prompt: ['REHEARSAL: HANG IGNORE_TERM SPAWN_CHILD'] }),
  )
  await expectStatus(page, 'stubborn', 'running')
  const family = await until('the agent and its grandchild', () => {
    const found = processesWithMarker(place.root)
    return found.some(({ command }) => command.includes('sleep 3600')) && found.length >= 3 && found
  })

  await desktop.tray.click('stubborn', 'Cancel…', 'Cancel “stubborn” now')
  await until('the end of every process of the attempt', () => processesWithMarker(place.root).length === 0, GRACE + 1_000)

  expect(family.filter(({ pid }) => isAlive(pid))).toEqual([])
  await expectStatus(page, 'stubborn', 'cancelled')
  expect((await job(page, 'stubborn')).sheets.map(({ status }) => status)).toEqual(['cancelled', 'cancelled'])
  await until('the tray without the job', async () => (await desktop.tray.find('stubborn')) === null)
})

test('cancel in the window asks first', async ({ place, start }) => {
  const fermata = await start()
  const page = await fermata.window()
  await openScore(fermata, place.score({ name: 'endless', sheets: 1, instrument: 'rehearsal', prompt: ['REHEARSAL: HANG'] }))
  await expectStatus(page, 'endless', 'running')
  const attempt = await until('the agent', () => processesWithMarker(place.root).at(0))

  const question = page.getByRole('dialog', { name: 'Cancel endless?' })
  const cancel = page.getByRole('button', { name: 'Cancel…' }).first()
  await cancel.click()
  await question.getByRole('button', { name: 'Keep running' }).click()
  await expect(question).toBeHidden()
  expect(isAlive(attempt.pid)).toBe(true)
  await expect(jobRow(page, 'endless')).toHaveAttribute('data-status', 'running')

  await cancel.click()
  await question.getByRole('button', { name: 'Cancel job' }).click()
  await expectStatus(page, 'endless', 'cancelled')
  expect(processesWithMarker(place.root)).toEqual([])
})
