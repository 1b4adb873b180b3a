// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { CallOutput, InstrumentStatus, LimitWait, Result } from '../../../preload/contract.ts'
import { aJob, anInstrument, aProblem, createFakeBridge, detailOf } from '../../../test/support/fake-bridge.ts'
import { renderWindow, rowOf } from '../../../test/support/render-window.tsx'

const HOUR = 3_600_000
const LIMIT: LimitWait = {
  instrument: 'claude-code',
  model: null,
  cause: 'rate_limit',
  until: Date.now() + HOUR / 2,
  mode: 'at_reset',
}
const LOGIN: LimitWait = { ...LIMIT, cause: 'login', until: null, mode: 'never' }
const limited = (parts: Partial<InstrumentStatus['limits'][number]> = {}) =>
  anInstrument({
    name: 'claude-code',
    limits: [
      { model: null, until: Date.now() + HOUR / 2, mode: 'at_reset', since: 0, message: 'You’ve hit your limit', ...parts },
    ],
  })
const refused = (loggedIn: boolean | null = null) =>
  anInstrument({
    name: 'codex-cli',
    description: 'An agent. Needs a login (`codex login`).',
    refused: { since: 0, message: 'Not logged in' },
    waitingSheets: 3,
    loggedIn,
  })

async function page(instruments: readonly InstrumentStatus[], bridge = createFakeBridge([detailOf(aJob({ id: 'a' }))])) {
  bridge.answers['instruments.list'] ??= () => ({ ok: true, value: instruments })
  const shown = renderWindow(bridge)
  await rowOf('a')
  await shown.user.keyboard('{Control>}i{/Control}')
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Instruments')
  return { bridge, ...shown }
}

const row = (name: string) =>
  waitFor(() => {
    const found = document.querySelector<HTMLElement>(`[data-instrument="${name}"]`)
    if (!found) throw new Error(`no row of ${name}`)
    return found
  })

describe('the instruments', () => {
  it('show at once what is known, and then what each says of itself', async () => {
    const bridge = createFakeBridge([detailOf(aJob({ id: 'a' }))])
    let answer: (result: Result<CallOutput<'instruments.list'>>) => void = () => undefined
    const { displayName, description, limits, restingUntil, running, waitingSheets } = anInstrument({ name: 'agent' })
    bridge.answers['instruments.list'] = ({ how }) =>
      how === 'known'
        ? {
            ok: true,
            value: [
              {
                name: 'agent',
                displayName,
                description,
                limits,
                restingUntil,
                refused: null,
                running,
                waitingSheets,
                installed: null,
              },
            ],
          }
        : new Promise((resolve) => {
            answer = resolve
          })
    await page([], bridge)
    expect((await row('agent')).textContent).toContain('Checking…')
    act(() => answer({ ok: true, value: [anInstrument({ name: 'agent', version: 'agent 7.1', loggedIn: true, running: 2 })] }))
    await waitFor(async () =>
      expect((await row('agent')).textContent).toMatch(/agent 7\.1 · logged in.+2 sheets running.*Running/),
    )
  })

  it('say why one is not there, with the remedy', async () => {
    const { name, displayName, description, limits, restingUntil, running, waitingSheets } = anInstrument({ name: 'goose' })
    const status = { name, displayName, description, limits, restingUntil, refused: null, running, waitingSheets } as const
    await page([{ ...status, installed: false, message: 'There is no program goose.', remedy: 'Install it.' }])
    expect((await row('goose')).textContent).toContain('There is no program goose. Install it.')
  })

  it('offer three ways to go on from a limit, and mark the one that holds', async () => {
    const { bridge, user } = await page([limited()])
    const found = await row('claude-code')
    expect(found.textContent).toMatch(/Its limit ends in \d+\smin \d\d\ss/)
    expect(found.textContent).toContain('You’ve hit your limit')
    const choices = within(found).getByRole('group', { name: 'When claude-code goes on' })
    expect(within(choices).getByRole('button', { pressed: true }).textContent).toBe('At reset')
    await user.click(within(choices).getByRole('button', { name: 'At reset' }))
    expect(bridge.inputsOf('instruments.setLimit')).toEqual([])
    await user.click(within(choices).getByRole('button', { name: 'Never' }))
    await user.click(within(choices).getByRole('button', { name: 'Resume now' }))
    expect(bridge.inputsOf('instruments.setLimit')).toEqual([
      { instrument: 'claude-code', model: null, mode: 'never' },
      { instrument: 'claude-code', model: null, mode: 'now' },
    ])
    expect(screen.getByText('claude-code is tried again')).toBeTruthy()
  })

  it('name the command for a login, and go on after it', async () => {
    const { bridge, user } = await page([refused()])
    const found = await row('codex-cli')
    expect(found.textContent).toMatch(/3 sheets wait.*Not logged in/)
    expect(found.querySelector('code')?.textContent).toBe('codex login')
    await user.click(within(found).getByRole('button', { name: 'Copy “codex login”' }))
    expect(await navigator.clipboard.readText()).toBe('codex login')
    await user.click(within(found).getByRole('button', { name: 'I have logged in: try again' }))
    expect(bridge.inputsOf('instruments.retry')).toEqual([{ instrument: 'codex-cli' }])
  })

  it('see that the login was made meanwhile', async () => {
    await page([refused(true)])
    expect((await row('codex-cli')).textContent).toContain('is now: let it try again')
  })

  it('let one that rests be tried at once', async () => {
    const { bridge, user } = await page([anInstrument({ name: 'agent', restingUntil: Date.now() + HOUR })])
    await user.click(within(await row('agent')).getByRole('button', { name: 'Try now' }))
    expect(bridge.inputsOf('instruments.retry')).toEqual([{ instrument: 'agent' }])
  })

  it('say what did not work', async () => {
    const { bridge, user } = await page([limited()])
    bridge.answers['instruments.setLimit'] = () => ({ ok: false, problem: aProblem({ message: 'It has no limit now.' }) })
    await user.click(within(await row('claude-code')).getByRole('button', { name: 'Resume now' }))
    expect((await screen.findByRole('alert')).textContent).toContain('It has no limit now.')
  })

  it('say that they could not be read, and try again', async () => {
    const bridge = createFakeBridge([detailOf(aJob({ id: 'a' }))])
    bridge.answers['instruments.list'] = () => ({ ok: false, problem: aProblem() })
    const { user } = await page([], bridge)
    const again = await screen.findByRole('button', { name: 'Try again' })
    bridge.answers['instruments.list'] = () => ({ ok: true, value: [anInstrument({ name: 'agent' })] })
    await user.click(again)
    await row('agent')
  })

  it('are read anew when a job tells of them', async () => {
    const { bridge } = await page([anInstrument({ name: 'agent' })])
    await row('agent')
    await waitFor(() => expect(bridge.inputsOf('instruments.list').length).toBeGreaterThanOrEqual(2))
    const before = bridge.inputsOf('instruments.list').length
    act(() => bridge.change(aJob({ id: 'a', version: 2, limitWait: LIMIT })))
    await waitFor(() => expect(bridge.inputsOf('instruments.list').slice(before)).toEqual([{ how: 'known' }]))
  })

  it('are shown when the menu bar or the tray asks for them', async () => {
    const bridge = createFakeBridge([detailOf(aJob({ id: 'a' }))])
    renderWindow(bridge)
    await rowOf('a')
    act(() => bridge.emit('app.showInstruments', null))
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Instruments')
  })
})

describe('a job that waits for its instrument', () => {
  const waiting = (limitWait: LimitWait) =>
    aJob({ id: 'a', status: 'waiting', limitWait, reason: 'Waiting', needsYou: limitWait.cause === 'login' })

  it('counts down in its row, with a menu that the keyboard can use and that keeps the keys to itself', async () => {
    const bridge = createFakeBridge([detailOf(waiting(LIMIT))])
    const { user } = renderWindow(bridge)
    const button = within(await rowOf('a')).getByRole('button', { name: /claude-code: limit ends in \d+\smin \d\d\ss/ })
    button.focus()
    await user.keyboard('{Enter}')
    const menu = screen.getByRole('menu')
    const checked = within(menu).getByRole('menuitemradio', { checked: true })
    expect(checked.textContent).toBe('At reset')
    expect(document.activeElement).toBe(checked)
    await user.keyboard('pf{Delete}{Escape}')
    expect(screen.queryByRole('menu')).toBeNull()
    expect(document.activeElement).toBe(button)
    await user.keyboard('{Enter}{ArrowDown}{Enter}')
    expect(bridge.inputsOf('instruments.setLimit')).toEqual([{ instrument: 'claude-code', model: null, mode: 'never' }])
    expect([...bridge.inputsOf('jobs.pause'), ...bridge.inputsOf('jobs.freeze')]).toEqual([])
    await user.keyboard('{Enter}{ArrowUp}{ArrowUp}{Enter}')
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Instruments')
  })

  it('says on its page what ends the wait, and ends it', async () => {
    const bridge = createFakeBridge([detailOf(waiting(LIMIT))])
    const { app, user } = renderWindow(bridge)
    await rowOf('a')
    act(() => app.store.showJob('a'))
    const banner = await screen.findByRole('region', { name: 'Waiting for an instrument' })
    expect(banner.textContent).toMatch(/claude-code met its limit; its sheets go on in/)
    await user.click(within(banner).getByRole('button', { name: 'Resume now' }))
    expect(bridge.inputsOf('instruments.setLimit')).toHaveLength(1)
    await user.click(within(banner).getByRole('button', { name: 'Instruments' }))
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Instruments')
  })

  it('shows in the side bar that a login is needed, until it is made', async () => {
    const bridge = createFakeBridge([detailOf(waiting(LOGIN))])
    const { user } = renderWindow(bridge)
    await rowOf('a')
    expect(screen.getByRole('button', { name: 'Instruments, needs a login' })).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'claude-code needs a login' }))
    await user.click(screen.getByRole('menuitem', { name: 'I have logged in: try again' }))
    expect(bridge.inputsOf('instruments.retry')).toEqual([{ instrument: 'claude-code' }])
    act(() => bridge.change(aJob({ id: 'a', version: 2 })))
    await vi.waitFor(() => expect(screen.getByRole('button', { name: 'Instruments' })).toBeTruthy())
  })
})
