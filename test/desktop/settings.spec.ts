import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Bridge, Settings } from '../../preload/contract.ts'
import { GROUPS } from '../../renderer/features/settings/fields.ts'
import { USUAL_EVENTS } from '../../renderer/features/settings/notifications/words.ts'
import { until } from '../support/wait.ts'
import { expect, test } from './story.ts'

const FIELDS = GROUPS.flatMap(({ fields }) => fields)

/** What the engine has, asked through the window's bridge. */
const settings = (page: Page) =>
  page.evaluate(async () => {
    const result = await (globalThis as unknown as { fermata: Bridge }).fermata.call('settings.get', null)
    if (!result.ok) throw new Error(result.problem.message)
    return result.value
  })

/** Whether the engine takes the value. */
const takes = (page: Page, change: Partial<Settings>) =>
  page.evaluate(async (given) => {
    const { ok } = await (globalThis as unknown as { fermata: Bridge }).fermata.call('settings.change', given)
    return ok
  }, change)

const field = (page: Page, key: keyof Settings) => page.locator(`[data-setting="${key}"]`)

test('a setting is changed in the window, confirmed, and still holds after a restart', async ({ start }) => {
  const fermata = await start()
  const page = await fermata.window()
  await expect(page.getByRole('button', { name: 'Run the demo' })).toBeVisible()
  await page.keyboard.press('Control+,')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings')

  const days = field(page, 'keepLogsDays').getByRole('textbox')
  await days.fill('many')
  await days.press('Enter')
  await expect(field(page, 'keepLogsDays')).toContainText('A whole number from 0 to 36,500.')
  await days.fill('14')
  await days.press('Enter')
  await expect(field(page, 'keepLogsDays')).toContainText('Saved')
  await field(page, 'onReturn').getByText('Jobs wait for me').click()
  await field(page, 'freezeUnderPressure').getByRole('switch').click()
  await expect(field(page, 'freezeUnderPressure')).toContainText('Saved')
  await fermata.kill()

  const again = await (await start()).window()
  await again.getByRole('button', { name: 'Settings' }).click()
  await expect(field(again, 'keepLogsDays').getByRole('textbox')).toHaveValue('14')
  await expect(field(again, 'onReturn').getByRole('radio', { name: 'Jobs wait for me' })).toBeChecked()
  await expect(field(again, 'freezeUnderPressure').getByRole('switch')).toBeChecked()
  await field(again, 'keepLogsDays').getByRole('button', { name: 'Reset to 90 days' }).click()
  await expect(field(again, 'keepLogsDays').getByRole('textbox')).toHaveValue('90')
  expect(await settings(again)).toMatchObject({ keepLogsDays: 90, onReturn: 'ask', freezeUnderPressure: true })
})

test('a number that was typed is kept when the window is closed over it', async ({ place, start }) => {
  const fermata = await start()
  const page = await fermata.window()
  await page.getByRole('button', { name: 'Settings' }).click()
  await field(page, 'keepLogsDays').getByRole('textbox').fill('44')
  await fermata.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  const file = join(place.dataDir, 'settings.json')
  await until('the file', () => existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).keepLogsDays === 44)
})

test('the menu bar opens the settings, also when the window is closed', async ({ start }) => {
  const fermata = await start()
  const page = await fermata.window()
  await page.close()
  await until('the window is gone', () =>
    fermata.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length === 0),
  )
  await fermata.electron.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('settings')?.click())
  await expect((await fermata.window()).getByRole('heading', { level: 1 })).toHaveText('Settings')
})

test('the page names the defaults and the ranges of the engine, and leaves no setting out', async ({ start }) => {
  const page = await (await start()).window()
  const { channels, ...plain } = await settings(page)
  expect(plain).toEqual(Object.fromEntries(FIELDS.map(({ key, usual }) => [key, usual])))
  const [desktop] = channels
  expect(desktop?.events.toSorted()).toEqual([...USUAL_EVENTS].sort())
  for (const one of FIELDS) {
    if (one.kind !== 'number') continue
    const accepted = []
    for (const value of [-1, 0, 0.5, one.max, one.max + 1]) accepted.push(await takes(page, { [one.key]: value }))
    expect(accepted, one.key).toEqual([false, (one.min ?? 0) === 0, one.fractions ?? false, true, false])
  }
})
