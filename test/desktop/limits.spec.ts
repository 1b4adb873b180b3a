import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { addInstrument } from '../support/engine.ts'
import { until } from '../support/wait.ts'
import { expect, expectStatus, job, jobRow, openScore, test } from './story.ts'

const instrument = (page: Page, name: string) => page.locator(`[data-instrument="${name}"]`)

test('a limit is counted down in row, page and tray, is held from the tray, and ends from the page', async ({
  place,
  desktop,
  start,
}) => {
  const fermata = await start()
  const page = await fermata.window()
  const prompt = ['REHEARSAL: DURATION=0.2 RATE_LIMIT_FIRST=1 RATE_LIMIT_SECONDS=3000', 'Save to: {{ sheet_num }}.md']
  await openScore(fermata, place.score({ name: 'limited', sheets: 2, instrument: 'rehearsal', prompt }))
  await expectStatus(page, 'limited', 'waiting')
  await expect(jobRow(page, 'limited').getByRole('button', { name: /rehearsal: limit ends in \d+\smin \d\d\ss/ })).toBeVisible()
  expect(desktop.notifications.received.map(({ title }) => title)).toEqual([])

  await expect
    .poll(async () => (await desktop.tray.find('rehearsal: limit ends'))?.label)
    .toMatch(/^rehearsal: limit ends (\d+ \w+ )?\d\d:\d\d · in \d\d min$/)
  await desktop.tray.click('rehearsal: limit ends', 'Never')
  await expect.poll(async () => (await job(page, 'limited')).limitWait).toMatchObject({ mode: 'never', until: null })
  await until('the tray to say so', () => desktop.tray.find('rehearsal: limit, waits for you'))
  await expect(jobRow(page, 'limited').getByRole('button', { name: 'rehearsal: limit, waits for you' })).toBeVisible()

  await page.keyboard.press('Control+i')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Instruments')
  const row = instrument(page, 'rehearsal')
  await expect(row).toContainText('1 sheet waits')
  await expect(row.getByRole('button', { pressed: true })).toHaveText('Never')
  await row.getByRole('button', { name: 'Resume now' }).click()
  await page.keyboard.press('Escape')
  await expect.poll(async () => (await job(page, 'limited')).limitWait).toBeNull()
  await expect(jobRow(page, 'limited')).toHaveAttribute('data-status', /running|waiting|completed/)
})

test('a login is asked for once, in tray and window, and everybody goes on after it', async ({ place, desktop, start }) => {
  const loggedIn = join(place.root, 'logged-in')
  const program = join(place.root, 'agent')
  writeFileSync(program, `#!/bin/sh\n[ -e ${loggedIn} ] || { echo 'Not logged in. Run agent login' >&2; exit 1; }\n`)
  chmodSync(program, 0o755)
  mkdirSync(place.dataDir, { recursive: true })
  addInstrument(place, {
    name: 'agent',
    display_name: 'Agent',
    description: 'An agent for this test. Needs a login (`agent login`).',
    check: { version_args: [] },
    cli: { command: { executable: program }, errors: { auth_error_patterns: ['not logged in'] } },
  })
  const fermata = await start()
  const page = await fermata.window()
  await openScore(fermata, place.score({ name: 'first', sheets: 1, instrument: 'agent', prompt: ['Go.'] }))
  await expectStatus(page, 'first', 'waiting')
  await openScore(
    fermata,
    place.score({ name: 'second', sheets: 1, instrument: 'agent', prompt: ['Go.'], workspace: join(place.root, 'other') }),
  )
  await expect(page.getByRole('button', { name: 'Instruments, needs a login' })).toBeVisible()
  await expect(jobRow(page, 'second').getByRole('button', { name: 'agent needs a login' })).toBeVisible()
  expect(desktop.notifications.received.map(({ title }) => title)).toEqual(['agent wants a login'])

  await page.close()
  await desktop.tray.click('agent needs a login…')
  const again = await fermata.window()
  const row = instrument(again, 'agent')
  await expect(row.locator('code')).toHaveText('agent login')
  await row.getByRole('button', { name: 'Copy' }).click()
  expect(await fermata.electron.evaluate(({ clipboard }) => clipboard.readText())).toBe('agent login')
  writeFileSync(loggedIn, '')
  await row.getByRole('button', { name: 'I have logged in: try again' }).click()
  await again.keyboard.press('Escape')
  await expectStatus(again, 'first', 'completed')
  await expectStatus(again, 'second', 'completed')
  await expect(again.getByRole('button', { name: 'Instruments', exact: true })).toBeVisible()
})
