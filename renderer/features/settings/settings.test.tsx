// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { aProblem, createFakeBridge } from '../../../test/support/fake-bridge.ts'
import { renderWindow } from '../../../test/support/render-window.tsx'

async function openSettings(bridge = createFakeBridge()) {
  const { app, user } = renderWindow(bridge)
  await vi.waitFor(() => expect(app.store.getState().connection.status).toBe('ready'))
  act(() => bridge.emit('app.showSettings', null))
  await screen.findByRole('textbox', { name: 'Age of old output' })
  return { bridge, user }
}

const row = (key: string) => {
  const found = document.querySelector<HTMLElement>(`[data-setting="${key}"]`)
  if (!found) throw new Error(`no setting ${key}`)
  return within(found)
}

describe('the settings page', () => {
  it('has a row for each setting, and nothing to reset while all is as usual', async () => {
    await openSettings()
    expect(document.querySelectorAll('[data-setting]')).toHaveLength(15)
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Size of old output' }).value).toBe('20,480')
    expect(screen.queryByRole('button', { name: /^Reset/ })).toBeNull()
  })

  it('keeps a number when Enter is pressed, says so, and not before', async () => {
    const { bridge, user } = await openSettings()
    const field = row('keepLogsDays').getByRole('textbox')
    await user.clear(field)
    await user.type(field, '14')
    expect(bridge.inputsOf('settings.change')).toEqual([])
    await user.keyboard('{Enter}')
    await row('keepLogsDays').findByText('Saved')
    expect(bridge.inputsOf('settings.change')).toEqual([{ keepLogsDays: 14 }])
  })

  it('keeps a number when its field is left, and only if it is another one', async () => {
    const { bridge, user } = await openSettings()
    const field = row('maxProcesses').getByRole('textbox')
    await user.clear(field)
    await user.type(field, '2000')
    await user.tab()
    expect(bridge.inputsOf('settings.change')).toEqual([])
    await user.clear(field)
    await user.type(field, '300')
    await user.tab()
    await row('maxProcesses').findByText('Saved')
  })

  it('says in place what is wrong, keeps nothing, and Escape takes it back', async () => {
    const { bridge, user } = await openSettings()
    const field = row('minFreeMemoryPercent').getByRole<HTMLInputElement>('textbox')
    await user.clear(field)
    await user.type(field, '95{Enter}')
    expect(row('minFreeMemoryPercent').getByText('A whole number from 0 to 90.')).toBeTruthy()
    expect(field.getAttribute('aria-invalid')).toBe('true')
    await user.keyboard('{Escape}')
    expect(field.value).toBe('5')
    expect(field.getAttribute('aria-invalid')).toBeNull()
    expect(bridge.inputsOf('settings.change')).toEqual([])
  })

  it('goes back to the usual value', async () => {
    const { bridge, user } = await openSettings()
    await user.click(row('onReturn').getByRole('radio', { name: 'Jobs wait for me' }))
    await user.click(await row('onReturn').findByRole('button', { name: 'Reset to “Jobs go on”' }))
    await waitFor(() => expect(row('onReturn').getByRole<HTMLInputElement>('radio', { name: 'Jobs go on' }).checked).toBe(true))
    expect(bridge.inputsOf('settings.change')).toEqual([{ onReturn: 'ask' }, { onReturn: 'continue' }])
  })

  it('switches by mouse and keyboard', async () => {
    const { bridge, user } = await openSettings()
    const control = row('freezeUnderPressure').getByRole('switch')
    await user.click(control)
    await waitFor(() => expect(control.getAttribute('aria-checked')).toBe('true'))
    control.focus()
    await user.keyboard(' ')
    await waitFor(() => expect(control.getAttribute('aria-checked')).toBe('false'))
    expect(bridge.inputsOf('settings.change')).toHaveLength(2)
  })

  it('ends where it began when it is switched twice at once', async () => {
    const { bridge, user } = await openSettings()
    const control = row('freezeUnderPressure').getByRole('switch')
    await user.dblClick(control)
    await waitFor(() =>
      expect(bridge.inputsOf('settings.change').map(({ freezeUnderPressure }) => freezeUnderPressure)).toEqual([true, false]),
    )
    await waitFor(() => expect(control.getAttribute('aria-checked')).toBe('false'))
  })

  it('keeps a number that was typed when the window is closed', async () => {
    const { bridge, user } = await openSettings()
    const field = row('keepLogsDays').getByRole('textbox')
    await user.clear(field)
    await user.type(field, '44')
    fireEvent(window, new Event('beforeunload'))
    expect(bridge.inputsOf('settings.change')).toEqual([{ keepLogsDays: 44 }])
  })

  it('shows what was written into the file by hand when somebody comes back', async () => {
    const { bridge } = await openSettings()
    const answer = await bridge.call('settings.change', { keepLogsDays: 7 })
    expect(answer.ok).toBe(true)
    fireEvent(window, new Event('focus'))
    await waitFor(() => expect(row('keepLogsDays').getByRole<HTMLInputElement>('textbox').value).toBe('7'))
  })

  it('tells what could not be saved', async () => {
    const bridge = createFakeBridge()
    const { user } = await openSettings(bridge)
    bridge.answers['settings.change'] = () => ({ ok: false, problem: aProblem({ message: 'The disk is full.' }) })
    await user.click(row('freezeUnderPressure').getByRole('switch'))
    await row('freezeUnderPressure').findByText('The disk is full.')
    expect(row('freezeUnderPressure').getByRole('switch').getAttribute('aria-checked')).toBe('false')
  })

  it('fails alone, with a way to try again', async () => {
    const bridge = createFakeBridge()
    bridge.answers['settings.get'] = () => ({ ok: false, problem: aProblem({ message: 'No answer.' }) })
    const { app, user } = renderWindow(bridge)
    act(() => app.store.showSettings())
    await screen.findByText('No answer.')
    delete bridge.answers['settings.get']
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await screen.findByRole('textbox', { name: 'Age of old output' })
  })
})
