import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gatedScore } from '../support/place.ts'
import { expect, expectStatus, jobs, openScore, test } from './story.ts'

test('the empty window offers the demo, and the demo runs to its end', async ({ start }) => {
  const page = await (await start()).window()
  await expect(page.getByRole('button', { name: 'Open score…' }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Run the demo' }).click()
  await expectStatus(page, 'hello', 'running')
  await expectStatus(page, 'hello', 'completed')
})

test('a refused score says the line and what to write instead, and starts nothing', async ({ place, start }) => {
  const fermata = await start()
  const page = await fermata.window()
  const path = join(place.root, 'broken.yaml')
  writeFileSync(path, `name: broken\nworkspace: ${place.workspace}\ninstrumnt: rehearsal\nsheet:\n  size: 1\n  total_items: 2\n`)

  await openScore(fermata, path)

  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('3:1')
  await expect(dialog).toContainText('instrumnt')
  await expect(dialog).toContainText('instrument')
  expect(await jobs(page)).toEqual([])
})

test('a score dropped on the window is played', async ({ place, start }) => {
  const fermata = await start()
  const page = await fermata.window()
  const score = gatedScore(place, 'dropped', 1)
  score.open(1)

  // The browser's own drag events: only these carry a real file with its path.
  const session = await fermata.electron.context().newCDPSession(page)
  const data = { items: [], files: [score.path], dragOperationsMask: 1 }
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data })
  await expect(page.getByRole('button', { name: 'Run the demo' })).toBeVisible()
  await drag('dragEnter')
  await drag('dragOver')
  await expect(page.getByText(/drop to start/i)).toBeVisible()
  await drag('drop')

  await expectStatus(page, 'dropped', 'completed')
})
