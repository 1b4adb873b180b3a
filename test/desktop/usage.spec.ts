import { writeFileSync } from 'node:fs'
import { addSpender } from '../support/spender.ts'
import { expect, expectStatus, jobRow, openScore, test } from './story.ts'

test('a budget freezes a job while it runs; raised in the window it goes on, and the day knows what it came to', async ({
  place,
  start,
}) => {
  addSpender(place)
  const fermata = await start()
  const page = await fermata.window()
  const path = place.score({
    ...{ name: 'dear', sheets: 1, instrument: 'spender' },
    prompt: ['spend 300', 'await more', 'spend 800', 'await end', 'finish 1200'],
    budgets: { job: { tokens: 1000, action: 'freeze' } },
  })
  await openScore(fermata, path)
  await jobRow(page, 'dear').getByRole('link').click()
  await expect(page.getByRole('button', { name: /^Tokens: 300 of 1.0.k/ })).toBeVisible()
  writeFileSync(place.inWorkspace('more'), '')

  const notice = page.getByRole('region', { name: 'Budget' })
  await expect(notice).toContainText('The job has used 1.1')
  await expect(page.locator('header[data-job-id]')).toHaveAttribute('data-frozen', 'true')
  await notice.getByRole('button', { name: 'Raise budget…' }).click()
  await page.getByRole('textbox', { name: 'Tokens' }).fill('5,000')
  await expect(page.getByRole('dialog')).toContainText('The job goes on at once')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/^Budget of the job: 5.0/)).toBeVisible()
  writeFileSync(place.inWorkspace('end'), '')
  await page.keyboard.press('Escape')
  await expectStatus(page, 'dear', 'completed')

  await page.keyboard.press('Control+u')
  const today = page.getByRole('region', { name: 'Today', exact: true })
  await expect(today).toContainText(/1\.2.k/)
  await expect(today).toContainText('$\u00a012.00')
  await expect(page.getByRole('region', { name: /^By instrument/ })).toContainText('spender · spender-1')
  await expect(page.getByRole('region', { name: /^Learned from 1 attempt/ })).toContainText('dear')
  await today.getByRole('button', { name: 'Set a budget' }).click()
  await today.getByRole('textbox', { name: 'US dollars a day' }).fill('10')
  await page.keyboard.press('Enter')
  await expect(today).toContainText('Today’s budget is used up')

  await page.getByRole('button', { name: 'Add a model…' }).click()
  await page.getByRole('textbox', { name: 'Model' }).fill('house/*')
  await page.getByRole('textbox', { name: 'Input' }).fill('0,3')
  await page.getByRole('textbox', { name: 'Output' }).fill('1.2')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('row', { name: /^house/ })).toContainText('$\u00a00.30')
})
