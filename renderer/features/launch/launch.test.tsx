// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { aJob, aProblem, createFakeBridge, detailOf } from '../../../test/support/fake-bridge.ts'
import { renderWindow, rowOf } from '../../../test/support/render-window.tsx'

const refused = aProblem({
  code: 'SCORE_INVALID',
  file: '/scores/nightly.yaml',
  message: '/scores/nightly.yaml:4:3: "instument" is not a key of a score.',
  findings: [
    { line: 4, column: 3, message: '"instument" is not a key of a score.', remedy: 'Write "instrument".' },
    { line: 11, column: 5, message: 'sheet.size must be at least 1.', remedy: null },
  ],
})

function drop(...names: string[]) {
  const files = names.map((name) => new File(['name: x'], name))
  const dataTransfer = { files, types: ['Files'], dropEffect: 'none' }
  fireEvent.dragEnter(document.body, { dataTransfer })
  return () => fireEvent.drop(document.body, { dataTransfer })
}

describe('a refused score', () => {
  it('shows its file and every finding with its place and remedy', async () => {
    const bridge = createFakeBridge()
    bridge.answers['jobs.openScore'] = () => ({ ok: false, problem: refused })
    const { user } = renderWindow(bridge)
    await user.click(await screen.findByRole('button', { name: 'Open score…' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'This score cannot run yet' }))
    expect(dialog.getByText('/scores/nightly.yaml')).toBeTruthy()
    expect(dialog.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      '4:3"instument" is not a key of a score.Write "instrument".',
      '11:5sheet.size must be at least 1.',
    ])
  })

  it('is tried again from where it is, once it is mended', async () => {
    const bridge = createFakeBridge()
    bridge.answers['jobs.openScore'] = () => ({ ok: false, problem: refused })
    bridge.answers['jobs.submit'] = () => ({ ok: true, value: aJob({ id: 'nightly' }) })
    const { user } = renderWindow(bridge)
    await user.click(await screen.findByRole('button', { name: 'Open score…' }))
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Try again' }))
    await rowOf('nightly')
    expect(bridge.inputsOf('jobs.submit')).toEqual([{ scorePath: '/scores/nightly.yaml' }])
  })
})

describe('a score handed over from outside', () => {
  it('shows every finding too when it is refused', async () => {
    const bridge = createFakeBridge()
    renderWindow(bridge)
    await screen.findByRole('button', { name: 'Open score…' })
    bridge.emit('app.problem', { title: 'The score was not run', problem: refused })
    expect(within(await screen.findByRole('dialog')).getAllByRole('listitem')).toHaveLength(2)
  })
})

describe('a dropped file', () => {
  it('is announced while it hovers and started when it falls', async () => {
    const bridge = createFakeBridge([detailOf(aJob({ id: 'a' }))])
    renderWindow(bridge)
    await rowOf('a')
    const fall = drop('one.yaml', 'two.yaml')
    expect(screen.getByText('Drop to start this score')).toBeTruthy()
    fall()
    expect(screen.queryByText('Drop to start this score')).toBeNull()
    await waitFor(() =>
      expect(bridge.inputsOf('jobs.submit')).toEqual([{ scorePath: '/dropped/one.yaml' }, { scorePath: '/dropped/two.yaml' }]),
    )
  })
})
