// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { Budget, UsageReport } from '../../../preload/contract.ts'
import { aProblem, createFakeBridge } from '../../../test/support/fake-bridge.ts'
import { renderWindow } from '../../../test/support/render-window.tsx'
import { NO_USAGE } from '../../lib/usage.ts'
import { dayKey } from './days.ts'

type Row = UsageReport['rows'][number]

const row = (parts: Partial<Row> & { readonly tokens: number }): Row => {
  const { tokens, ...rest } = parts
  const usage = { ...NO_USAGE, outputTokens: tokens, costUsd: tokens / 1000 }
  return {
    day: dayKey(Date.now()),
    instrument: 'claude-code',
    model: 'sonnet',
    jobId: 'a',
    jobName: 'alpha',
    attempts: 1,
    usage,
    ...rest,
  }
}
const unpriced = (tokens: number) => ({ ...NO_USAGE, outputTokens: tokens, costUsd: null, unpricedTokens: tokens })
const BUDGET: Budget = {
  scope: 'day',
  sheet: null,
  tokens: { used: 900, limit: 1000 },
  usd: null,
  warnPercent: 80,
  action: 'freeze',
  state: 'warned',
}

async function openUsage(rows: readonly Row[], bridge = createFakeBridge(), today: Budget | null = null) {
  bridge.answers['usage.report'] = ({ since }) => ({ ok: true, value: { rows: rows.filter(({ day }) => day >= since), today } })
  const { app, user } = renderWindow(bridge)
  await vi.waitFor(() => expect(app.store.getState().connection.status).toBe('ready'))
  await user.keyboard('{Control>}u{/Control}')
  await screen.findByRole('heading', { level: 1, name: 'Usage' })
  return { app, bridge, user }
}

const part = async (name: string | RegExp) => within(await screen.findByRole('region', { name }))

describe('the usage page', () => {
  it('says what is missing while nothing was used', async () => {
    await openUsage([])
    await screen.findByText(/Nothing was used yet/)
    await screen.findByText(/Nothing is learned yet/)
    expect(screen.getByRole('heading', { level: 1 })).toBe(document.activeElement)
  })

  it('shows today beside its budget, says what happens, and lets it be changed in place', async () => {
    const { bridge, user } = await openUsage(
      [row({ tokens: 900 }), row({ tokens: 50, day: dayKey(Date.now(), 1) })],
      undefined,
      BUDGET,
    )
    const page = await part('Today')
    expect(page.getByRole('meter').getAttribute('aria-valuetext')).toBe('900 of 1.0\u00a0k')
    expect(page.getByText(/the jobs freeze until midnight/)).toBeTruthy()
    await user.click(page.getByRole('button', { name: 'Change the budget' }))
    const field = page.getByRole('textbox', { name: 'US dollars a day' })
    await user.clear(field)
    await user.type(field, '2,5{Enter}')
    await waitFor(() => expect(bridge.inputsOf('settings.change')).toEqual([{ dayUsd: 2.5 }]))
    await waitFor(() => expect(bridge.inputsOf('usage.report').length).toBeGreaterThan(2))
  })

  it('has the same days as bars and as a table', async () => {
    const { user } = await openUsage([row({ tokens: 2000 }), row({ tokens: 500, day: dayKey(Date.now(), 29) })])
    const page = await part('The last 30 days')
    expect(page.getByText(/Today: 2.0 k tokens, \$ 2.00/)).toBeTruthy()
    await user.click(page.getByRole('button', { name: 'As a table' }))
    const cells = page.getAllByRole('row').map(({ textContent }) => textContent)
    expect(cells).toHaveLength(31)
    expect([cells[1], cells[2], cells[30]].map((text) => text?.replace(/^\d+ [A-Z][a-z]+/, ''))).toEqual([
      '2.0\u00a0k$\u00a02.00',
      '––',
      '500$\u00a00.50',
    ])
  })

  it('breaks it down by model and by job, and an unknown price is not nothing', async () => {
    const { user } = await openUsage([
      row({ tokens: 100 }),
      row({ tokens: 0, model: 'house', usage: unpriced(300) }),
      row({ tokens: 100, jobId: 'b', jobName: 'beta' }),
    ])
    const page = await part(/^By /)
    const texts = () =>
      page
        .getAllByRole('row')
        .slice(1)
        .map(({ textContent }) => textContent)
    expect(texts()).toEqual(['claude-code · house1300price unknown', 'claude-code · sonnet2200$\u00a00.20'])
    await user.click(page.getByRole('radio', { name: 'Jobs' }))
    expect(texts()).toEqual([
      'alpha · claude-code2400over $\u00a00.10no price for 300 tokens',
      'beta · claude-code1100$\u00a00.10',
    ])
  })

  it('fails alone, with a way to try again', async () => {
    const bridge = createFakeBridge()
    const { app, user } = renderWindow(bridge)
    bridge.answers['usage.report'] = () => ({ ok: false, problem: aProblem({ message: 'The disk is gone.' }) })
    act(() => app.store.showUsage())
    await screen.findByText('The disk is gone.')
    delete bridge.answers['usage.report']
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await screen.findByText(/Nothing was used yet/)
  })
})

describe('the prices', () => {
  const MODELS = { 'gpt-5': { input: 1.25, output: 10 }, mine: { input: 0.075, output: 1, cacheRead: 0 } }

  async function openPrices(rows: readonly Row[] = []) {
    const bridge = createFakeBridge()
    bridge.answers['prices.get'] = () => ({
      ok: true,
      value: { date: '2026-09-23', models: MODELS, own: ['mine'], problems: [] },
    })
    const opened = await openUsage(rows, bridge)
    return { ...opened, page: await part(/^Prices/) }
  }

  it('come with those first that are missing, then the user’s own', async () => {
    const { page } = await openPrices([row({ tokens: 0, model: 'house', usage: unpriced(300) })])
    expect(page.getByRole('heading').textContent).toContain('bundled as of 23 Sept 2026')
    expect((await page.findByRole('list')).textContent).toContain('house · price unknown, 300 tokens used')
    expect(page.getAllByRole('row').map(({ textContent }) => textContent?.slice(0, 9))).toEqual([
      'ModelInpu',
      'mineyours',
      'gpt-5$\u00a01.',
    ])
  })

  it('are set in a dialog that says what is wrong, and taken back', async () => {
    const { bridge, page, user } = await openPrices([row({ tokens: 0, model: 'house', usage: unpriced(300) })])
    await user.click(await page.findByRole('button', { name: 'Set a price…' }))
    const dialog = within(screen.getByRole('dialog'))
    await user.type(dialog.getByRole('textbox', { name: 'Input' }), '0.3')
    await user.click(dialog.getByRole('button', { name: 'Keep this price' }))
    expect(dialog.getByRole('alert').textContent).toBe('Its price; 0 where it is free.')
    await user.type(dialog.getByRole('textbox', { name: 'Output' }), '1,2{Enter}')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    await user.click(page.getByRole('button', { name: 'Take back your price of mine' }))
    expect(bridge.inputsOf('prices.set')).toEqual([
      { model: 'house', price: { input: 0.3, output: 1.2 } },
      { model: 'mine', price: null },
    ])
  })

  it('keep what was typed when they are refused, and Escape leaves the page where it is', async () => {
    const { bridge, page, user } = await openPrices()
    bridge.answers['prices.set'] = () => ({ ok: false, problem: aProblem({ message: 'The disk is full.' }) })
    await user.click(page.getByRole('button', { name: 'Set your price of gpt-5' }))
    await user.click(screen.getByRole('button', { name: 'Keep this price' }))
    expect((await screen.findByRole('alert')).textContent).toBe('The disk is full.')
    await user.keyboard('{Escape}')
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Usage')
  })
})

describe('what was learned', () => {
  it('is shown by score and deleted after a question', async () => {
    const bridge = createFakeBridge()
    const spread = (p50: number) => ({ p10: p50 / 2, p50, p90: p50 * 2 })
    bridge.answers['learning.insights'] = () => ({
      ok: true,
      value: {
        outcomes: 3,
        since: Date.now(),
        sheets: [
          {
            ...{ score: 'nightly', sheet: 'map', instrument: 'claude-code', model: null, runs: 3, lastAt: Date.now() },
            ...{ durationMs: spread(720_000), tokens: spread(34_000), costUsd: null, successRate: 2 / 3, firstTryRate: 0.5 },
            commonFailures: [{ code: 'E201', message: 'A check failed', count: 1 }],
          },
        ],
      },
    })
    const { user } = await openUsage([], bridge)
    const page = await part(/^Learned/)
    const text = (await page.findByRole('table', { name: 'How the sheets of nightly went' })).textContent?.replaceAll(
      '\u00a0',
      ' ',
    )
    for (const fact of [
      '12 min6–24 min',
      '34 k17 k–68 k',
      'price unknown',
      '67 %50 % at first try',
      'Failed 1×: A check failed (E201)',
    ])
      expect(text).toContain(fact)
    await user.click(page.getByRole('button', { name: 'Delete…' }))
    await user.click(screen.getByRole('button', { name: 'Delete' }))
    await waitFor(() => expect(bridge.inputsOf('learning.forget')).toEqual([{ score: 'nightly' }]))
  })
})
