import { readdirSync } from 'node:fs'
import { until } from '../support/wait.ts'
import { expect, expectStatus, job, openScore, test } from './story.ts'

test('a sheet that is held asks in the window, the tray and a notification, and goes on by a click', async ({
  desktop,
  place,
  start,
}) => {
  const fermata = await start()
  const page = await fermata.window()
  const score = place.score({
    name: 'release',
    sheets: 2,
    instrument: 'rehearsal',
    sheet: { descriptions: { 1: 'build', 2: 'publish' } },
    prompt: ['Do part {{ sheet_num }}.', 'REHEARSAL: DURATION=0.2 STEPS=1', 'Save to: part-{{ sheet_num }}.md'],
    checkpoints: { enabled: true, triggers: [{ name: 'publish', sheet_nums: [2], message: 'Shall it be published?' }] },
    spec: { spec_dir: 'specs' },
  })
  await openScore(fermata, score)
  await expectStatus(page, 'release', 'waiting')
  const news = await desktop.notifications.waitFor('the question', ({ title }) => /release waits for you/.test(title))
  expect(news.body).toContain('Shall it be published?')
  await until('the question in the tray', async () => {
    const [reason] = (await desktop.tray.find('release'))?.children ?? []
    return reason?.label === 'Sheet 2 waits for your decision: Shall it be published?'
  })

  desktop.notifications.click(news.id)
  await expect(page.locator('[data-sheet="2"]')).toContainText('publish')
  await page.getByText('on this score').click()
  await expect(page.getByText('`spec`')).toContainText('has no effect')
  const question = page.getByRole('region', { name: 'Your decision' })
  await expect(question).toContainText('Shall it be published?')
  expect(readdirSync(place.workspace)).toEqual(['part-1.md'])

  await question.getByRole('button', { name: 'Let it start' }).click()
  await expect(question).toHaveCount(0)
  // The button took the focus with it: the keyboard goes on beside it.
  await expect(page.locator('h1:focus, [role=log]:focus')).toHaveCount(1)
  await expectStatus(page, 'release', 'completed')
  expect(readdirSync(place.workspace).sort()).toEqual(['part-1.md', 'part-2.md'])
  expect((await job(page, 'release')).sheets.map(({ attempts }) => attempts)).toEqual([1, 1])
})
