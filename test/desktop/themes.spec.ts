import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Fermata } from '../support/fermata.ts'
import { gatedScore } from '../support/place.ts'
import { until } from '../support/wait.ts'
import { expect, expectStatus, jobRow, openScore, test } from './story.ts'

const shots = join(import.meta.dirname, '..', '..', 'test-results', 'shots')

async function setTheme(fermata: Fermata, page: Page, theme: 'light' | 'dark') {
  await fermata.electron.evaluate(({ nativeTheme }, source) => {
    nativeTheme.themeSource = source
  }, theme)
  await page.waitForFunction((dark) => matchMedia('(prefers-color-scheme: dark)').matches === dark, theme === 'dark')
}

async function setSize(fermata: Fermata, page: Page, width: number, height: number) {
  await fermata.electron.evaluate(
    ({ BrowserWindow }, [w, h]) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(w, h)
    },
    [width, height] as const,
  )
  await page.waitForFunction((w) => innerWidth === w, width)
}

/** Nothing may stick out sideways: neither of the page, nor of the box that holds it. */
const sticksOut = (page: Page) =>
  page.evaluate(() => {
    const outside = [...document.querySelectorAll('button, h1, h2, [data-job-id], [data-sheet]')].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect()
      return width > 0 && (left < -0.5 || right > innerWidth + 0.5)
    })
    return { page: document.documentElement.scrollWidth > innerWidth, elements: outside.map(({ textContent }) => textContent) }
  })

test('both themes and both sizes show everything, and nothing sticks out', async ({ place, start }) => {
  mkdirSync(shots, { recursive: true })
  const fermata = await start()
  const page = await fermata.window()
  const look = async (what: string) => {
    for (const theme of ['dark', 'light'] as const) {
      await setTheme(fermata, page, theme)
      for (const [width, height] of [
        [1280, 800],
        [900, 600],
      ] as const) {
        await setSize(fermata, page, width, height)
        await page.screenshot({ path: join(shots, `${what}-${theme}-${width}.png`) })
        expect(await sticksOut(page), `${what}, ${theme}, ${width} × ${height}`).toEqual({ page: false, elements: [] })
      }
    }
  }
  await expect(page.getByRole('button', { name: 'Run the demo' })).toBeVisible()
  await look('empty')

  const score = gatedScore(place, 'a-job-with-a-rather-long-name-that-has-to-find-its-place', 12)
  score.open(1, 2, 3)
  await openScore(fermata, score.path)
  await openScore(
    fermata,
    place.score({ name: 'doomed', sheets: 2, instrument: 'cli', prompt: ['exit 3'], retry: { max_retries: 1 } }),
  )
  await expectStatus(page, 'doomed', 'failed')
  await until('sheet 4 at work', () => score.journal().at(-1) === 'start 4 attempt 1')
  await look('jobs')

  await jobRow(page, 'a-job-with').click()
  await expect(page.getByRole('button', { name: 'Back to jobs' })).toBeVisible()
  await expect(page.locator('[data-sheet="4"]')).toHaveAttribute('data-status', 'in_progress')
  await look('job')

  await page.getByRole('button', { name: 'Leave out…' }).click()
  await look('question')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+f')
  await page.getByRole('textbox', { name: 'Search the log' }).fill('start')
  await expect(page.getByText('1 of 1')).toBeVisible()
  await look('search')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Freeze now' }).click()
  await expect(page.getByRole('button', { name: 'Thaw' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Sheet 4', exact: true })).toContainText('Frozen')
  await look('frozen')
  await page.keyboard.press('Control+,')
  await expect(page.getByRole('textbox', { name: 'Age of old output' })).toBeVisible()
  await page.getByRole('textbox', { name: 'Age of old output' }).fill('many')
  await page.getByRole('switch', { name: 'Freeze the youngest job' }).click()
  await expect(page.getByText('Saved')).toBeVisible()
  await look('settings')
  await page.keyboard.press('Control+u')
  await expect(page.getByRole('button', { name: 'Show all' })).toBeVisible()
  await look('usage')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Jobs', exact: true }).click()
  await expect(jobRow(page, 'a-job-with')).toContainText('Frozen')
  await look('jobs-frozen')

  await openScore(
    fermata,
    place.score({
      name: 'voices',
      sheets: 3,
      instrument: 'cli',
      sheet: { fan_out: { 2: 3 }, descriptions: { 5: 'the finale, in which all that was written comes together' } },
      movements: { 1: { name: 'Plan' }, 2: { name: 'Verses' } },
      parallel: { enabled: true },
      prompt: ['true'],
      checkpoints: { enabled: true, triggers: [{ name: 'verse', sheet_nums: [3], message: 'Shall the second verse be sung?' }] },
      learning: { enabled: true },
    }),
  )
  await expectStatus(page, 'voices', 'waiting')
  await jobRow(page, 'voices').click()
  await expect(page.getByRole('button', { name: 'Let it start' })).toBeVisible()
  await look('decision')
})

test('the themes differ', async ({ start }) => {
  const fermata = await start()
  const page = await fermata.window()
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  await setTheme(fermata, page, 'dark')
  const dark = await background()
  await setTheme(fermata, page, 'light')
  expect(await background()).not.toBe(dark)
})
