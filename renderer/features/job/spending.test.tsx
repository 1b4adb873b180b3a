// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { Budget, JobSummary } from '../../../preload/contract.ts'
import { aJob, anAttempt, aProblem, createFakeBridge, detailOf, FROZEN } from '../../../test/support/fake-bridge.ts'
import { renderWindow } from '../../../test/support/render-window.tsx'
import { NO_USAGE } from '../../lib/usage.ts'

const MINUTE = 60_000
const budget = (parts: Partial<Budget> = {}): Budget => ({
  ...{ scope: 'job', sheet: null, tokens: { used: 900, limit: 1000 }, usd: null },
  ...{ warnPercent: 80, action: 'freeze', state: 'warned' },
  ...parts,
})
const OVER = budget({ tokens: { used: 1100, limit: 1000 }, state: 'over' })

async function openJob(parts: Partial<JobSummary>) {
  const bridge = createFakeBridge([detailOf(aJob({ id: 'a', ...parts }))])
  const { app, user } = renderWindow(bridge)
  await vi.waitFor(() => expect(app.store.getState().connection.status).toBe('ready'))
  act(() => app.store.showJob('a'))
  await screen.findByRole('region', { name: 'Log of sheet 3' })
  return { app, bridge, user }
}

const text = (element: HTMLElement) => element.textContent?.replaceAll('\u00a0', ' ') ?? ''
const dialog = () => within(screen.getByRole('dialog'))

describe('what a job uses', () => {
  it('is told while it runs, as far as it is known, with where it comes from', async () => {
    const usage = { ...NO_USAGE, outputTokens: 900, costUsd: 3.18, costRange: [2.9, 4.6] as const, confidence: 'live' as const }
    const { user } = await openJob({
      usage: { ...usage, source: 'events' },
      running: [anAttempt({ usage })],
      budgets: [budget()],
    })
    expect(screen.getByRole('meter', { name: 'Budget of the job, in tokens' }).getAttribute('aria-valuetext')).toBe(
      '900 of 1.0\u00a0k',
    )
    await user.click(screen.getByRole('button', { name: /^Cost: ~\$.3\.18/ }))
    expect(text(screen.getByRole('dialog'))).toContain('Between$ 2.90–4.60')
    expect(text(screen.getByRole('dialog'))).toContain('Source: events.')
    await user.keyboard('{Escape}')
  })

  it('has no price rather than none to pay', async () => {
    await openJob({ usage: { ...NO_USAGE, outputTokens: 900, costUsd: null, unpricedTokens: 900 } })
    expect(screen.getByRole('button', { name: /^Cost: price unknown/ })).toBeTruthy()
  })

  it('is compared with how long its sheet usually takes, and what is to come is told', async () => {
    const range = (low: number, high: number) => ({ low, mid: (low + high) / 2, high })
    await openJob({
      running: [anAttempt({ startedAt: Date.now() - 41 * MINUTE - 1, usualMs: 12 * MINUTE })],
      forecast: {
        ...{ remainingMs: range(40 * MINUTE, 55 * MINUTE), tokens: null, costUsd: range(2.1, 3.4) },
        ...{ basis: 'this score', runs: 12 },
      },
    })
    const strip = within(await screen.findByRole('region', { name: 'What the sheet uses' }))
    expect(strip.getByText('usually 12 min; at 41 min')).toBeTruthy()
    expect(screen.getByText('About 40–55 min and $ 2.10–3.40 to go, from 12 runs of its sheets')).toBeTruthy()
  })
})

describe('a budget', () => {
  it('warns with what will happen', async () => {
    await openJob({ budgets: [budget({ scope: 'sheet', sheet: 3 })] })
    const notice = screen.getByRole('region', { name: 'Budget' })
    expect(text(notice)).toContain('Sheet 3 has used 900 of 1.0 k tokens. When that is used up, the job freezes at once.')
  })

  it('that holds the job is raised in a dialog that says what follows', async () => {
    const { bridge, user } = await openJob({ ...FROZEN, frozen: { since: 1, by: 'budget', thawing: false }, budgets: [OVER] })
    await user.click(screen.getByRole('button', { name: 'Raise budget…' }))
    expect(dialog().getByText('More than this is used already: the job stays as it is.')).toBeTruthy()
    const tokens = dialog().getByRole('textbox', { name: 'Tokens' })
    await user.clear(tokens)
    await user.type(tokens, 'many{Enter}')
    expect(dialog().getByRole('alert').textContent).toContain('A whole number from 1')
    await user.clear(tokens)
    await user.type(tokens, '2,000')
    expect(dialog().getByText(/The job goes on at once/)).toBeTruthy()
    bridge.answers['jobs.setBudget'] = () => ({ ok: false, problem: aProblem({ message: 'The job is over.' }) })
    await user.keyboard('{Enter}')
    await dialog().findByText('The job is over.')
    delete bridge.answers['jobs.setBudget']
    await user.keyboard('{Enter}')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(bridge.inputsOf('jobs.setBudget')[1]).toEqual({ jobId: 'a', scope: 'job', tokens: 2000, usd: null })
    await screen.findByText('Budget of the job: 2.0 k tokens')
  })

  it('of a sheet that stopped telling what it uses lets the job go on all the same, if its user wants', async () => {
    const { bridge, user } = await openJob({
      ...FROZEN,
      frozen: { since: 1, by: 'budget', thawing: false },
      budgets: [budget({ state: 'ok' })],
      running: [anAttempt({ phase: 'frozen', metering: 'silent' })],
    })
    expect(text(screen.getByRole('region', { name: 'Budget' }))).toContain('Sheet 3 stopped telling what it uses')
    await user.click(screen.getByRole('button', { name: 'Thaw all the same' }))
    expect(bridge.inputsOf('jobs.thaw')).toEqual([{ jobId: 'a' }])
  })

  it('of the day leads to where it is raised', async () => {
    const { app, user } = await openJob({ ...FROZEN, frozen: { since: 1, by: 'day', thawing: false } })
    await user.click(screen.getByRole('button', { name: 'Today’s budget' }))
    expect(app.store.getState().view.name).toBe('usage')
  })
})
