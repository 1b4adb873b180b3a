import { writeFileSync } from 'node:fs'
import { expect, expectStatus, jobRow, openScore, test } from './story.ts'

test('the log of a running sheet is read while it is written, output and errors apart', async ({ place, start }) => {
  const fermata = await start()
  const page = await fermata.window()
  const path = place.score({
    name: 'talker',
    sheets: 1,
    instrument: 'cli',
    prompt: [
      'seq -f "line %.0f" 5000',
      'echo "a word of warning" >&2',
      'until [ -e gate ]; do sleep 0.05; done',
      'printf "\\033[32mthe last word\\033[0m\\n"',
    ],
  })
  await openScore(fermata, path)
  await expectStatus(page, 'talker', 'running')
  await jobRow(page, 'talker').getByRole('link').click()

  const log = page.getByRole('region', { name: 'Log of sheet 1' })
  await expect(log.getByText('line 5000', { exact: true })).toBeVisible()
  await expect(log.getByText('line 1', { exact: true })).toHaveCount(0)

  writeFileSync(place.inWorkspace('gate'), '')
  await expect(log.getByText('the last word', { exact: true })).toBeVisible()
  await expect(page.locator('[data-sheet="1"]')).toHaveAttribute('data-status', 'completed')

  // The beginning is there too, for whoever scrolls up to it.
  const panel = log.getByRole('tabpanel')
  await panel.getByText('the last word', { exact: true }).hover()
  await page.mouse.wheel(0, -1_000_000)
  await expect(log.getByText('line 1', { exact: true })).toBeVisible()
  await expect(log.getByRole('button', { name: 'Follow the end' })).toBeVisible()

  await log.getByRole('tab', { name: 'Errors' }).click()
  await expect(log.getByText('a word of warning')).toBeVisible()
})

test('a log is searched: hits are counted and shown, and a faulty pattern is explained', async ({ place, start }) => {
  const fermata = await start()
  const page = await fermata.window()
  await openScore(
    fermata,
    place.score({
      name: 'haystack',
      sheets: 1,
      instrument: 'cli',
      prompt: ['seq -f "straw %.0f" 20000', 'printf "\\033[31mneedle\\033[0m\\n"'],
    }),
  )
  await expectStatus(page, 'haystack', 'completed')
  await jobRow(page, 'haystack').getByRole('link').click()
  const log = page.getByRole('region', { name: 'Log of sheet 1' })
  await expect(log.getByText('needle', { exact: true })).toBeVisible()

  await page.keyboard.press('Control+f')
  const field = log.getByRole('textbox', { name: 'Search the log' })
  await expect(field).toBeFocused()
  await field.fill('NEEDLE')
  await expect(log.getByText('1 of 1')).toBeVisible()
  await field.fill('straw 777')
  await expect(log.getByText('1 of 11')).toBeVisible()
  await expect(log.locator('[data-found]')).toHaveText(/^777straw 777$/)
  await field.press('Enter')
  await expect(log.locator('[data-found]')).toHaveText(/^7770straw 7770$/)

  await log.getByRole('button', { name: 'Regular expression' }).click()
  await field.fill('straw (')
  await expect(log.getByRole('alert')).toContainText('no pattern')
  await field.fill('^straw 1\\d{4}$')
  await expect(log.getByText('1 of 500+')).toBeVisible()
  await field.press('Escape')
  await expect(field).toBeHidden()
})

test('what an agent streams is shown in words', async ({ place, start }) => {
  const fermata = await start()
  const page = await fermata.window()
  await openScore(
    fermata,
    place.score({ name: 'speaker', sheets: 1, instrument: 'rehearsal', prompt: ['Save to: poem.md', 'REHEARSAL: DURATION=0'] }),
  )
  await expectStatus(page, 'speaker', 'completed')
  await jobRow(page, 'speaker').getByRole('link').click()

  const log = page.getByRole('region', { name: 'Log of sheet 1' })
  await expect(log).toContainText('poem.md')
  await expect(log).not.toContainText('"type"')
  await log.getByRole('button', { name: 'Raw lines' }).click()
  await expect(log).toContainText('"type"')
})
