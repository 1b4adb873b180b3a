// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { Readiness } from '../../../../preload/contract.ts'
import { aProblem, createFakeBridge, type FakeBridge } from '../../../../test/support/fake-bridge.ts'
import { renderWindow } from '../../../../test/support/render-window.tsx'

const health = (parts: Partial<Readiness['channels'][number]> = {}): Readiness['channels'][number] => ({
  ...{ name: 'desktop', kind: 'desktop', state: 'ready', problem: null, lastDeliveredAt: null, lastFailure: null },
  ...parts,
})

async function openSettings(bridge: FakeBridge = createFakeBridge()) {
  const { app, user } = renderWindow(bridge)
  await vi.waitFor(() => expect(app.store.getState().connection.status).toBe('ready'))
  act(() => app.store.showSettings())
  const page = within(await screen.findByRole('region', { name: 'Notifications' }))
  return { app, bridge, page, user }
}

const dialog = () => within(screen.getByRole('dialog'))

describe('the channels', () => {
  it('say whether what is sent there arrives, and why not', async () => {
    const bridge = createFakeBridge()
    const lastFailure = { at: 0, message: 'It answered 404.' }
    const channels = [
      health({ state: 'failing', lastFailure }),
      health({ name: 'opera: slack 1', kind: 'slack', state: 'unusable', problem: 'There is no secret "x".' }),
    ]
    bridge.answers['notifications.readiness'] = () => ({ ok: true, value: { degraded: true, since: 1_000, channels } })
    const { page } = await openSettings(bridge)
    await page.findByText('It answered 404.')
    expect(page.getByText('There is no secret "x".')).toBeTruthy()
    expect(page.getByRole('alert').textContent).toContain('Three or more in a row')
  })

  it('are tried out, and say how that went', async () => {
    const { bridge, page, user } = await openSettings()
    await user.click(page.getByRole('button', { name: 'Send a test' }))
    await page.findByText('The test was delivered.')
    bridge.answers['notifications.test'] = () => ({ ok: false, problem: aProblem({ message: 'It has no such channel.' }) })
    await user.click(page.getByRole('button', { name: 'Send a test' }))
    await page.findByText('It has no such channel.')
    expect(bridge.inputsOf('notifications.test')).toEqual([{ channel: 'desktop' }, { channel: 'desktop' }])
  })

  it('keep the address of Slack in the keychain, and name it in the settings', async () => {
    const { bridge, page, user } = await openSettings()
    await user.click(page.getByRole('button', { name: 'Add a channel…' }))
    await user.click(dialog().getByRole('button', { name: 'Add the channel' }))
    expect(dialog().getByRole('alert').textContent).toContain('https://')
    await user.type(dialog().getByRole('textbox', { name: 'Webhook address' }), 'https://hooks.slack.com/T/B/x')
    await user.click(dialog().getByRole('checkbox', { name: 'A job is paused' }))
    await user.click(dialog().getByRole('button', { name: 'Add the channel' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(bridge.inputsOf('secrets.set')).toEqual([{ name: 'slack-address', value: 'https://hooks.slack.com/T/B/x' }])
    const [change] = bridge.inputsOf('settings.change')
    expect(change?.channels?.[1]).toEqual({
      ...{ id: 'slack', kind: 'slack', url: 'secret:slack-address' },
      events: ['job_complete', 'job_failed', 'job_attention', 'budget_warning', 'budget_limit'],
    })
  })

  it('run a program with its arguments and variables', async () => {
    const { bridge, page, user } = await openSettings()
    await user.click(page.getByRole('button', { name: 'Add a channel…' }))
    await user.click(dialog().getByRole('radio', { name: 'Command' }))
    await user.type(dialog().getByRole('textbox', { name: 'Program and arguments' }), '/bin/pager{Enter}--text{Enter}with spaces')
    await user.type(dialog().getByRole('textbox', { name: 'Variables of its environment' }), 'TOKEN=secret:pager')
    await user.click(dialog().getByRole('button', { name: 'Add the channel' }))
    await waitFor(() =>
      expect(bridge.inputsOf('settings.change')[0]?.channels?.[1]).toMatchObject({
        ...{ id: 'command', kind: 'command' },
        ...{ command: ['/bin/pager', '--text', 'with spaces'], env: { TOKEN: 'secret:pager' } },
      }),
    )
  })

  it('are removed after a question; what was refused is said in place', async () => {
    const { bridge, page, user } = await openSettings()
    bridge.answers['settings.change'] = () => ({ ok: false, problem: aProblem({ message: 'The disk is full.' }) })
    await user.click(page.getByRole('button', { name: 'Remove desktop…' }))
    await user.click(dialog().getByRole('button', { name: 'Remove' }))
    expect((await dialog().findByRole('alert')).textContent).toContain('The disk is full.')
    delete bridge.answers['settings.change']
    await user.click(dialog().getByRole('button', { name: 'Remove' }))
    await page.findByText(/Nobody is told anything/)
  })
})

describe('the secrets', () => {
  it('are entered, replaced and removed by name, and never shown', async () => {
    const bridge = createFakeBridge()
    bridge.answers['secrets.list'] = () => ({ ok: true, value: { names: ['pager'], safe: true } })
    const { page, user } = await openSettings(bridge)
    await user.click(await page.findByRole('button', { name: 'Add a secret…' }))
    await user.type(dialog().getByRole('textbox', { name: 'Name' }), 'my token')
    await user.type(dialog().getByLabelText('Value'), 's3cret{Enter}')
    expect(dialog().getByRole('alert').textContent).toContain('Letters, digits')
    await user.clear(dialog().getByRole('textbox', { name: 'Name' }))
    await user.type(dialog().getByRole('textbox', { name: 'Name' }), 'token{Enter}')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    await user.click(page.getByRole('button', { name: 'Remove…' }))
    await user.click(dialog().getByRole('button', { name: 'Remove' }))
    await waitFor(() => expect(bridge.inputsOf('secrets.remove')).toEqual([{ name: 'pager' }]))
    expect(bridge.inputsOf('secrets.set')).toEqual([{ name: 'token', value: 's3cret' }])
    expect(document.body.textContent).not.toContain('s3cret')
  })

  it('cannot be kept without a keychain, which is said beforehand', async () => {
    const bridge = createFakeBridge()
    bridge.answers['secrets.list'] = () => ({ ok: true, value: { names: [], safe: false } })
    const { page } = await openSettings(bridge)
    await page.findByText(/no keychain that Fermata can use/)
    expect(page.getByRole('button', { name: 'Add a secret…' }).getAttribute('aria-disabled')).toBe('true')
  })
})

describe('notifications that do not arrive', () => {
  it('are told on every page, with the way to the reason', async () => {
    const bridge = createFakeBridge()
    bridge.answers['notifications.readiness'] = () => ({ ok: true, value: { degraded: true, since: Date.now(), channels: [] } })
    const { app, user } = renderWindow(bridge)
    await user.click(await screen.findByRole('button', { name: 'See why' }))
    expect(app.store.getState().view.name).toBe('settings')
    await waitFor(() => expect(screen.queryByRole('button', { name: 'See why' })).toBeNull())
  })
})
