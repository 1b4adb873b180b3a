// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  aJob,
  anAttempt,
  aProblem,
  createFakeBridge,
  detailOf,
  type FakeBridge,
  FROZEN,
} from '../../../test/support/fake-bridge.ts'
import { renderWindow, rowOf } from '../../../test/support/render-window.tsx'

const DONE = { pause: false, resume: false, cancel: false, freeze: false, thaw: false }
const HOLD = { ...DONE, resume: true, cancel: true }

function threeJobs() {
  return createFakeBridge([
    detailOf(aJob({ id: 'old', name: 'older', createdAt: 100, status: 'paused', reason: 'Paused by you', can: HOLD })),
    detailOf(aJob({ id: 'new', name: 'newer', createdAt: 200 })),
    detailOf(aJob({ id: 'done', name: 'done', status: 'completed', completedAt: 300, can: DONE })),
  ])
}

/** What was asked to be done, beside what was asked to be shown. */
const commandsOf = ({ asked }: FakeBridge) => asked.map(({ name }) => name).filter((name) => /^jobs\.(?!snapshot)/.test(name))

describe('the buttons for all jobs', () => {
  it('are there only when they would change something: a failed job is not held, a pausing one pauses already', async () => {
    const failed = aJob({ id: 'failed', status: 'failed', can: { ...DONE, resume: true } })
    const pausing = aJob({ id: 'pausing', status: 'pausing', can: { ...DONE, cancel: true } })
    renderWindow(createFakeBridge([detailOf(failed), detailOf(pausing)]))
    await rowOf('failed')
    expect(screen.queryByRole('button', { name: 'Resume all' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Pause all' })).toBeNull()
  })
})

describe('the list of jobs', () => {
  it('groups jobs by what they need and says how many there are', async () => {
    renderWindow(threeJobs())
    await rowOf('new')
    const active = within(screen.getByRole('region', { name: 'Active' }))
    expect(active.getAllByRole('link').map((link) => link.textContent)).toEqual(['newer', 'older'])
    expect(active.getByRole('heading').textContent).toBe('Active · 2')
    expect(screen.queryByRole('region', { name: 'Queued' })).toBeNull()
    expect(within(screen.getByRole('region', { name: 'Finished' })).getAllByRole('link')).toHaveLength(1)
  })

  it('shows name, reason, status word and progress, and offers only what makes sense', async () => {
    renderWindow(threeJobs())
    const row = await rowOf('old')
    expect(row.dataset.status).toBe('paused')
    for (const text of ['older', 'Paused by you', 'Paused', '2 of 4 sheets']) expect(within(row).getByText(text)).toBeTruthy()
    expect(within(row).getByRole('link').getAttribute('aria-label')).toBe('older, Paused, 2 of 4 sheets')
    expect(
      within(row)
        .getAllByRole('button')
        .map((button) => button.getAttribute('aria-label')),
    ).toEqual(['Resume', 'Cancel…'])
    expect(within(await rowOf('done')).queryByRole('button')).toBeNull()
  })

  it('follows changes and reads them out', async () => {
    const bridge = threeJobs()
    renderWindow(bridge)
    await rowOf('new')
    act(() => bridge.change(aJob({ id: 'new', name: 'newer', createdAt: 200, version: 2, status: 'pausing' })))
    expect((await rowOf('new')).dataset.status).toBe('pausing')
    expect(screen.getByRole('status', { name: 'Status changes' }).textContent).toBe('newer: Pausing')
  })

  it('marks a cancel under way', async () => {
    renderWindow(createFakeBridge([detailOf(aJob({ id: 'a', cancelling: true }))]))
    expect(within(await rowOf('a')).getByText('Cancelling')).toBeTruthy()
  })

  it('gives a frozen job a face of its own, and shows no life in it', async () => {
    const now = Date.now()
    const running = [anAttempt({ phase: 'frozen', startedAt: now, lastOutputAt: now })]
    const frozen = { ...FROZEN.frozen, since: now - 12 * 60_000 }
    renderWindow(createFakeBridge([detailOf(aJob({ id: 'a', ...FROZEN, frozen, running }))]))
    const row = await rowOf('a')
    expect(row.dataset.frozen).toBe('true')
    expect(within(row).getByText('Frozen').textContent).toContain('12\u00a0min')
    expect(row.textContent).not.toContain('Paused')
    expect(row.querySelector('[data-live]')).toBeNull()
    const names = within(row).getAllByRole('button')
    expect(names.map((button) => button.getAttribute('aria-label'))).toEqual(['Resume', 'Thaw', 'Cancel…'])
  })

  it('says that a job is silent', async () => {
    const startedAt = Date.now() - 12 * 60_000
    renderWindow(createFakeBridge([detailOf(aJob({ id: 'a', running: [anAttempt({ silentSince: startedAt })] }))]))
    expect(within(await rowOf('a')).getByText(/No output for 12/)).toBeTruthy()
  })

  it('keeps a long history short until asked', async () => {
    const finished = Array.from({ length: 130 }, (_, index) =>
      detailOf(aJob({ id: `f${index}`, status: 'completed', completedAt: 1000 - index, can: DONE })),
    )
    const { user } = renderWindow(createFakeBridge(finished))
    await rowOf('f0')
    expect(screen.getAllByRole('link')).toHaveLength(100)
    await user.click(screen.getByRole('button', { name: 'Show 30 older' }))
    expect(screen.getAllByRole('link')).toHaveLength(130)
  })

  it('offers the demo and a score when there is nothing yet', async () => {
    const bridge = createFakeBridge()
    const { user } = renderWindow(bridge)
    await screen.findByRole('heading', { name: 'No jobs yet' })
    expect(screen.getAllByRole('button', { name: 'Open score…' })).toHaveLength(1)
    const demo = detailOf(aJob({ id: 'demo' }))
    bridge.answers['jobs.submitDemo'] = () => ({ ok: true, value: demo })
    await user.click(screen.getByRole('button', { name: 'Run the demo' }))
    const link = within(await rowOf('demo')).getByRole('link')
    await waitFor(() => expect(document.activeElement).toBe(link))
  })

  it('fails alone, with a way to try again', async () => {
    const bridge = threeJobs()
    bridge.answers['jobs.snapshot'] = () => ({ ok: false, problem: aProblem({ message: 'The database is busy.' }) })
    const { user } = renderWindow(bridge)
    expect((await screen.findByRole('alert')).textContent).toContain('The database is busy.')
    delete bridge.answers['jobs.snapshot']
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await rowOf('new')
  })

  it('says so when a command did not work', async () => {
    const bridge = threeJobs()
    bridge.answers['jobs.pause'] = () => ({
      ok: false,
      problem: aProblem({ message: 'It has finished.', remedy: 'Look at it.' }),
    })
    const { user } = renderWindow(bridge)
    await user.click(within(await rowOf('new')).getByRole('button', { name: 'Pause after this sheet' }))
    expect((await screen.findByRole('alert')).textContent).toContain('It has finished. Look at it.')
  })

  it('pauses and resumes all', async () => {
    const bridge = threeJobs()
    const { user } = renderWindow(bridge)
    await user.click(await screen.findByRole('button', { name: 'Pause all' }))
    await user.click(screen.getByRole('button', { name: 'Resume all' }))
    expect(commandsOf(bridge)).toEqual(['jobs.pauseAll', 'jobs.resumeAll'])
  })
})

describe('the keyboard', () => {
  it('walks the list with arrows and j, k, and stops at its ends', async () => {
    const { user } = renderWindow(threeJobs())
    await rowOf('new')
    const focused = () => document.activeElement?.textContent
    await user.keyboard('j')
    expect(focused()).toBe('newer')
    await user.keyboard('{ArrowUp}')
    expect(focused()).toBe('newer')
    await user.keyboard('{ArrowDown}j{ArrowDown}')
    expect(focused()).toBe('done')
    await user.keyboard('k')
    expect(focused()).toBe('older')
  })

  it('opens with Enter and comes back with Escape to the same row', async () => {
    const { user } = renderWindow(threeJobs())
    await rowOf('new')
    await user.keyboard('jj{Enter}')
    expect(await screen.findByRole('heading', { level: 1, name: 'older' })).toBe(document.activeElement)
    await user.keyboard('{Escape}')
    expect(within(await rowOf('old')).getByRole('link')).toBe(document.activeElement)
  })

  it('pauses what can be paused and resumes what can be resumed, with Space or P', async () => {
    const bridge = threeJobs()
    const { user } = renderWindow(bridge)
    await rowOf('new')
    await user.keyboard('j jp')
    expect(bridge.inputsOf('jobs.pause')).toEqual([{ jobId: 'new' }])
    expect(bridge.inputsOf('jobs.resume')).toEqual([{ jobId: 'old' }])
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Jobs')
  })

  it('freezes with F and thaws with F, and the focus stays on the button that was pressed', async () => {
    const bridge = threeJobs()
    const frozen = aJob({ id: 'new', name: 'newer', createdAt: 200, version: 2, ...FROZEN })
    bridge.answers['jobs.freeze'] = () => ({ ok: true, value: frozen })
    const { user } = renderWindow(bridge)
    const row = await rowOf('new')
    within(row).getByRole('button', { name: 'Freeze now' }).focus()
    await user.keyboard('{Enter}')
    expect(bridge.inputsOf('jobs.freeze')).toEqual([{ jobId: 'new' }])
    expect(within(row).getByRole('button', { name: 'Thaw' })).toBe(document.activeElement)
    await user.keyboard('jf')
    expect(bridge.inputsOf('jobs.thaw')).toEqual([{ jobId: 'new' }])
  })

  it('goes to the settings with Ctrl and comma, and back with Escape', async () => {
    const { user } = renderWindow(threeJobs())
    await rowOf('new')
    await user.keyboard('{Control>},{/Control}')
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Settings')
    expect(screen.getByRole('button', { name: 'Settings' }).getAttribute('aria-current')).toBe('page')
    await user.keyboard('j{Delete}')
    expect(screen.queryByRole('dialog')).toBeNull()
    await user.keyboard('{Escape}')
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Jobs')
  })

  it('opens a score with O and Ctrl O', async () => {
    const bridge = threeJobs()
    bridge.answers['jobs.openScore'] = () => ({ ok: true, value: null })
    const { user } = renderWindow(bridge)
    await rowOf('new')
    await user.keyboard('o{Control>}o{/Control}')
    expect(bridge.inputsOf('jobs.openScore')).toHaveLength(2)
  })

  it('lists the shortcuts, and is the dialog’s while it is open', async () => {
    const bridge = threeJobs()
    const { user } = renderWindow(bridge)
    await rowOf('new')
    await user.keyboard('j?')
    expect(screen.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeTruthy()
    await user.keyboard('p')
    expect(bridge.inputsOf('jobs.pause')).toEqual([])
  })
})

describe('a command', () => {
  it('is seen at once, and cannot be given twice', async () => {
    const bridge = threeJobs()
    let answer: () => void = () => undefined
    bridge.answers['jobs.freeze'] = () =>
      new Promise((resolve) => {
        answer = () => resolve({ ok: true, value: aJob({ id: 'new', name: 'newer', createdAt: 200, version: 2, ...FROZEN }) })
      })
    const { user } = renderWindow(bridge)
    const row = await rowOf('new')
    const button = within(row).getByRole('button', { name: 'Freeze now' })
    await user.click(button)
    expect(within(row).getByText('Freezing…')).toBeTruthy()
    await user.click(button)
    expect(bridge.inputsOf('jobs.freeze')).toHaveLength(1)
    act(answer)
    await within(row).findByText('Frozen')
  })
})

describe('a Fermata that waits to quit', () => {
  it('says for what, and lets it be taken back', async () => {
    const bridge = threeJobs()
    const { user } = renderWindow(bridge)
    await rowOf('new')
    act(() => bridge.emit('app.quitting', { sheets: 2 }))
    expect(screen.getByText('Quitting when 2 sheets are done…')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Don’t quit' }))
    expect(bridge.inputsOf('app.stay')).toHaveLength(1)
    act(() => bridge.emit('app.quitting', { sheets: null }))
    expect(screen.queryByText(/Quitting/)).toBeNull()
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 })))
  })

  it('lets nothing start until then, and says why', async () => {
    const bridge = threeJobs()
    const { user } = renderWindow(bridge)
    const resume = within(await rowOf('old')).getByRole('button', { name: 'Resume' })
    act(() => bridge.emit('app.quitting', { sheets: 1 }))
    const others = [screen.getByRole('button', { name: 'Resume all' }), screen.getByRole('button', { name: 'Open score…' })]
    for (const button of [resume, ...others]) {
      expect(button.getAttribute('aria-disabled')).toBe('true')
      expect(button.getAttribute('aria-description')).toContain('choose Don’t quit first')
      await user.click(button)
    }
    expect(commandsOf(bridge)).toEqual([])
  })
})

describe('cancelling', () => {
  it('asks once, naming the job, with the focus on the harmless answer', async () => {
    const bridge = threeJobs()
    const { user } = renderWindow(bridge)
    const button = within(await rowOf('new')).getByRole('button', { name: 'Cancel…' })
    await user.click(button)
    const dialog = screen.getByRole('dialog', { name: 'Cancel newer?' })
    const keep = within(dialog).getByRole('button', { name: 'Keep running' })
    expect(document.activeElement).toBe(keep)
    await user.click(keep)
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(document.activeElement).toBe(button)
    expect(bridge.inputsOf('jobs.cancel')).toEqual([])
  })

  it('ends the job when confirmed', async () => {
    const bridge = threeJobs()
    const { user } = renderWindow(bridge)
    await user.click(within(await rowOf('new')).getByRole('button', { name: 'Cancel…' }))
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Cancel job' }))
    expect(document.activeElement?.textContent).toBe('newer')
    expect(bridge.inputsOf('jobs.cancel')).toEqual([{ jobId: 'new' }])
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('is honest about what is lost and what is not, and about what stays', async () => {
    const frozen = aJob({ id: 'a', ...FROZEN, running: [anAttempt({ phase: 'frozen' })] })
    const { user } = renderWindow(createFakeBridge([detailOf(frozen)]))
    await user.click(within(await rowOf('a')).getByRole('button', { name: 'Cancel…' }))
    const dialog = screen.getByRole('dialog')
    expect(within(dialog).getByRole('button', { name: 'Keep it frozen' })).toBeTruthy()
    expect(dialog.textContent).toContain('2 of 4 sheets will not be done')
    expect(dialog.textContent).toContain('Resumed later, unfinished sheets start from their beginning')
  })

  it('does not ask about what has ended, nor goes on asking when it ends', async () => {
    const bridge = threeJobs()
    const { user } = renderWindow(bridge)
    await rowOf('new')
    await user.keyboard('j{Delete}')
    expect(screen.getByRole('dialog')).toBeTruthy()
    act(() => bridge.change(aJob({ id: 'new', name: 'newer', version: 2, status: 'completed', can: DONE })))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    await user.keyboard('{Delete}')
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})
