import { join } from 'node:path'
import { expectStatus, jobRow, openScore, test } from '../desktop/story.ts'
import { gatedScore } from '../support/place.ts'
import { until } from '../support/wait.ts'

/** Not a test: `npm run screenshot` makes the picture of the README from real jobs in the real app. */
test('the picture of the README', async ({ place, start }) => {
  const fermata = await start()
  const page = await fermata.window()
  const rehearsal = (name: string, sheets: number, ...directives: string[]) =>
    place.score({
      name,
      sheets,
      instrument: 'rehearsal',
      prompt: ['Sheet {{ sheet_num }} of the work.', 'REHEARSAL: DURATION=0.1 STEPS=1 TOKENS=41000', ...directives],
    })

  await openScore(fermata, rehearsal('test-coverage', 6))
  await expectStatus(page, 'test-coverage', 'completed')
  await openScore(fermata, rehearsal('release-notes', 4, '{% if sheet_num == 2 %}REHEARSAL: AUTH{% endif %}'))
  await expectStatus(page, 'release-notes', 'failed')
  await openScore(
    fermata,
    rehearsal('docs-overhaul', 8, '{% if sheet_num == 6 %}REHEARSAL: RATE_LIMIT_FIRST=1 RATE_LIMIT_SECONDS=4300{% endif %}'),
  )
  await expectStatus(page, 'docs-overhaul', 'waiting')

  const held = gatedScore(place, 'literature-review', 5)
  await openScore(fermata, held.path)
  await until('it runs', () => held.journal().includes('start 1 attempt 1'))
  await jobRow(page, 'literature-review').getByRole('button', { name: 'Pause after this sheet' }).click()
  held.open(1)
  await expectStatus(page, 'literature-review', 'paused')

  await openScore(
    fermata,
    rehearsal('nightly-refactor', 12, '{% if sheet_num == 4 %}REHEARSAL: DURATION=600 STEPS=600{% endif %}'),
  )
  await until('sheet 4 is at work', async () => (await jobRow(page, 'nightly-refactor').textContent())?.includes('Sheet 4'))
  await fermata.electron.evaluate(({ BrowserWindow, nativeTheme }) => {
    nativeTheme.themeSource = 'dark'
    BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 620)
  })
  await page.waitForFunction(() => innerWidth === 1280 && innerHeight === 620)
  await page.getByText('Resuming').waitFor({ state: 'hidden' })
  await page.screenshot({ path: join(import.meta.dirname, '../../docs/screenshot.png') })
})
