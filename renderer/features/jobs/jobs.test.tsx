// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { aJob, aProblem, createFakeBridge, detailOf } from '../../../test/support/fake-bridge.ts'
import { renderWindow, rowOf } from '../../../test/support/render-window.tsx'

const HOLD = { pause: false, resume: true, cancel: true }
const DONE = { pause: false, resume: false, cancel: false }

function threeJobs() {
  return createFakeBridge([
    detailOf(aJob({ id: 'old', name: 'older', createdAt: 100, status: 'paused', reason: 'Paused by you', can: HOLD })),
    detailOf(aJob({ id: 'new', name: 'newer', createdAt: 200 })),
    detailOf(aJob({ id: 'done', name: 'done', status: 'completed', completedAt: 300, can: DONE })),
  ])
}

describe('the buttons for all jobs', () => {
  it('are there only when they would change something: a failed job is not held, a pausing one pauses already', async () => {
    const failed = aJob({ id: 'failed', status: 'failed', can: { pause: false, resume: true, cancel: false } })
    const pausing = aJob({ id: 'pausing', status: 'pausing', can: { pause: false, resume: false, cancel: true } })
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
    expect(bridge.asked.map(({ name }) => name)).toEqual(['jobs.snapshot', 'jobs.pauseAll', 'jobs.resumeAll'])
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
