import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { processesWithMarker } from '../support/processes.ts'
import { until } from '../support/wait.ts'
import { expect, expectStatus, job, jobRow, openScore, test } from './story.ts'

test('a score is opened in the window, paused and resumed in the tray, and announces its end', async ({
  desktop,
  place,
  start,
}) => {
  const { tray, notifications } = desktop
  const picture = async () => (await tray.read()).icons.map(({ argb }) => argb.toString('base64')).join()
  const path = place.score({
    name: 'first-song',
    sheets: 4,
    instrument: 'rehearsal',
    prompt: ['Write verse {{ sheet_num }} of {{ total_sheets }}.', 'Save to: verse-{{ sheet_num }}.md', 'REHEARSAL: DURATION=2'],
    validations: [
      { type: 'file_exists', path: '{workspace}/verse-{sheet_num}.md' },
      { type: 'content_contains', path: '{workspace}/verse-{sheet_num}.md', pattern: 'Write verse' },
    ],
  })
  const fermata = await start()
  const page = await fermata.window()
  const idle = await picture()

  // Submitted through the window, seen in the tray.
  await openScore(fermata, path)
  await expectStatus(page, 'first-song', 'running')
  const row = await until('the job in the tray, running', async () => {
    const item = await tray.find('first-song')
    return item && /of 4 sheets.*running/i.test(item.label) ? item : null
  })
  expect(row.children.map(({ label }) => label)).toEqual([
    expect.stringContaining('of 4 on rehearsal'),
    'Open',
    'Pause after this sheet',
    'Resume',
    'Freeze now',
    'Cancel…',
  ])
  expect(row.children.find(({ label }) => label === 'Resume')?.enabled).toBe(false)
  const running = await until('another icon while it runs', async () => {
    const now = await picture()
    return now !== idle && now
  })

  // Paused in the tray, at the end of the sheet in flight.
  await tray.click('first-song', 'Pause after this sheet')
  await expectStatus(page, 'first-song', 'paused')
  const paused = await job(page, 'first-song')
  expect(paused.status).toBe('paused')
  expect(paused.running).toEqual([])
  expect(processesWithMarker(place.root)).toEqual([])
  const done = paused.completedSheets
  expect(done).toBeGreaterThanOrEqual(1)
  expect(done).toBeLessThan(4)
  expect(paused.sheets.map(({ status }) => status)).toEqual([1, 2, 3, 4].map((n) => (n <= done ? 'completed' : 'pending')))
  await expect(jobRow(page, 'first-song')).toContainText(`${done} of 4 sheets`)
  await expect(jobRow(page, 'first-song')).toContainText('Paused')
  await until('the tray to agree', async () => {
    const item = await tray.find('first-song')
    return item?.label.includes(`${done} of 4 sheets`) && /paused/i.test(item.label)
  })
  await until('a third icon while it is paused', async () => ![idle, running].includes(await picture()))
  await notifications.waitFor('paused', ({ title, body }) => /first-song/.test(title + body) && /paused/i.test(title + body))

  // Resumed in the tray, to the end.
  await tray.click('first-song', 'Resume')
  await expectStatus(page, 'first-song', 'completed')
  const completed = await job(page, 'first-song')
  expect(completed.sheets.map(({ attempts, validation }) => ({ attempts, validation }))).toEqual(
    [1, 2, 3, 4].map(() => ({ attempts: 1, validation: { passed: 2, total: 2, failures: [], skipped: 0 } })),
  )
  expect(completed.usage.outputTokens).toBeGreaterThan(0)
  for (const sheet of [1, 2, 3, 4]) {
    expect(readFileSync(place.inWorkspace(`verse-${sheet}.md`), 'utf8')).toContain(`verse ${sheet} of 4`)
  }
  expect(existsSync(place.inWorkspace('verse-5.md'))).toBe(false)

  // The end is announced; a click on the news opens the job.
  const news = await notifications.waitFor(
    'finished',
    ({ title, body }) => /first-song/.test(title + body) && /finished|completed/i.test(title + body),
  )
  notifications.click(news.id)
  await expect(page.getByRole('button', { name: 'Back to jobs' })).toBeVisible()
  await expect(page.locator('[data-sheet][data-status="completed"]')).toHaveCount(4)
})

test('a job that fails behind a closed window says why and asks for attention', async ({ desktop, place, start }) => {
  const { tray, notifications } = desktop
  const picture = async () => (await tray.read()).icons.map(({ argb }) => argb.toString('base64')).join()
  const fermata = await start()
  const page = await fermata.window()
  const idle = await picture()
  const score = place.score({
    name: 'doomed',
    sheets: 2,
    instrument: 'cli',
    prompt: ['until [ -e gate ]; do sleep 0.05; done', 'echo "no such key" >&2; exit 3'],
    retry: { max_retries: 1 },
  })
  await openScore(fermata, score)
  await expectStatus(page, 'doomed', 'running')
  const running = await until('another icon while it runs', async () => {
    const now = await picture()
    return now !== idle && now
  })

  await page.close()
  await until('no window', () => fermata.electron.windows().length === 0)
  writeFileSync(place.inWorkspace('gate'), '')
  const news = await notifications.waitFor(
    'failed',
    ({ title, body }) => /doomed/.test(title + body) && /failed/i.test(title + body),
  )
  await until('an icon of its own', async () => ![idle, running].includes(await picture()))

  notifications.click(news.id)
  const opened = await fermata.window()
  await expect(opened.getByRole('button', { name: 'Back to jobs' })).toBeVisible()
  await expect(opened.locator('[data-sheet="1"]')).toHaveAttribute('data-status', 'failed')
  await expect(opened.locator('body')).toContainText(/failed on sheet 1/i)
})
