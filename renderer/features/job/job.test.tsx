// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { JobSummary, SheetView } from '../../../preload/contract.ts'
import { aJob, anAttempt, aProblem, createFakeBridge, detailOf, FROZEN } from '../../../test/support/fake-bridge.ts'
import { renderWindow, VIEW_HEIGHT } from '../../../test/support/render-window.tsx'

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`)

async function openJob(sheets: readonly Partial<SheetView>[] = [], lines = numbered(500), job: Partial<JobSummary> = {}) {
  const bridge = createFakeBridge([detailOf(aJob({ id: 'a', name: 'nightly', ...job }), sheets)])
  bridge.logs.set('a/3/1/stdout', lines)
  const { app, user } = renderWindow(bridge)
  await vi.waitFor(() => expect(app.store.getState().connection.status).toBe('ready'))
  act(() => app.store.showJob('a'))
  await screen.findByRole('region', { name: 'Log of sheet 3' })
  return { bridge, app, user, lines }
}

const log = () => screen.getByRole('log')
const shownLines = () => [...document.querySelectorAll<HTMLElement>('[data-line]')].map((line) => Number(line.dataset.line))
const sheetRow = (number: number) => document.querySelector<HTMLElement>(`[data-sheet="${number}"]`)
const follows = () => screen.getByRole('button', { name: /^Follow/ }).getAttribute('aria-pressed') === 'true'

async function scrollTo(top: number) {
  await act(async () => {
    log().scrollTop = top
  })
}

describe('the job page', () => {
  it('shows status, sheets and the log of the sheet at work', async () => {
    await openJob([{ validation: { passed: 2, total: 2, failures: [], skipped: 0 } }])
    expect(document.querySelector('header[data-job-id="a"]')?.getAttribute('data-status')).toBe('running')
    expect([1, 2, 3, 4].map((number) => sheetRow(number)?.dataset.status)).toEqual([
      'completed',
      'completed',
      'in_progress',
      'pending',
    ])
    expect(sheetRow(1)?.textContent).toContain('2/2 checks')
    await waitFor(() => expect(screen.getByText('line 500')).toBeTruthy())
  })

  it('goes with the job to its next sheet, until someone chooses one', async () => {
    const { bridge, user } = await openJob()
    act(() => bridge.change(aJob({ id: 'a', version: 2, sheetStatuses: ['completed', 'completed', 'completed', 'in_progress'] })))
    await screen.findByRole('region', { name: 'Log of sheet 4' })
    await user.keyboard('{ArrowUp}{ArrowUp}')
    await screen.findByRole('region', { name: 'Log of sheet 2' })
    act(() => bridge.change(aJob({ id: 'a', version: 3, status: 'completed', sheetStatuses: Array(4).fill('completed') })))
    await waitFor(() => expect(sheetRow(4)?.dataset.status).toBe('completed'))
    expect(screen.getByRole('region', { name: 'Log of sheet 2' })).toBeTruthy()
  })

  it('says why a sheet failed, in full', async () => {
    await openJob([
      {},
      {},
      {
        status: 'failed',
        error: { code: 'E501', message: 'Two checks failed.' },
        validation: { passed: 0, total: 1, failures: ['out.md does not exist'], skipped: 0 },
      },
    ])
    const panel = within(screen.getByRole('region', { name: 'Log of sheet 3' }))
    expect(panel.getByText(/Two checks failed/).textContent).toContain('E501')
    expect(panel.getByText('out.md does not exist')).toBeTruthy()
  })

  it('asks for the decision a held sheet waits for, and passes it on', async () => {
    const { bridge, user } = await openJob([{}, {}, { status: 'fermata', attempts: 2, reason: 'Its tries are used up' }])
    const question = within(screen.getByRole('region', { name: 'Your decision' }))
    expect(question.getByText('Its tries are used up')).toBeTruthy()
    await user.click(question.getByRole('button', { name: 'Accept as done' }))
    expect(bridge.inputsOf('jobs.decide')).toEqual([{ jobId: 'a', sheet: 3, decision: 'accept' }])
    act(() => bridge.change(aJob({ id: 'a', version: 2, sheetStatuses: ['completed', 'completed', 'completed', 'in_progress'] })))
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Your decision' })).toBeNull())
    await waitFor(() => expect(document.activeElement).not.toBe(document.body))
  })

  it('shows what the score says without effect', async () => {
    const bridge = createFakeBridge([
      {
        ...detailOf(aJob({ id: 'a' })),
        notes: [{ code: 'NOT_SUPPORTED', severity: 'info', message: '`spec` has no effect.', remedy: null, line: 7, column: 1 }],
      },
    ])
    const { app, user } = renderWindow(bridge)
    await vi.waitFor(() => expect(app.store.getState().connection.status).toBe('ready'))
    act(() => app.store.showJob('a'))
    await user.click(await screen.findByText('1 note on this score'))
    expect(screen.getByText(/`spec` has no effect/).textContent).toContain('7:1')
  })

  it('goes back by its button', async () => {
    const { user } = await openJob()
    await user.click(screen.getByRole('button', { name: 'Back to jobs' }))
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Jobs')
  })

  it('fails alone when the sheets cannot be read', async () => {
    const bridge = createFakeBridge([detailOf(aJob({ id: 'a' }))])
    bridge.answers['jobs.detail'] = () => ({ ok: false, problem: aProblem({ message: 'No answer.' }) })
    const { app, user } = renderWindow(bridge)
    act(() => app.store.showJob('a'))
    await screen.findByText('The sheets could not be read')
    delete bridge.answers['jobs.detail']
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await screen.findByRole('region', { name: 'Log of sheet 3' })
  })

  it('says so when the job is gone', async () => {
    const { app } = renderWindow(createFakeBridge())
    await vi.waitFor(() => expect(app.store.getState().connection.status).toBe('ready'))
    act(() => app.store.showJob('gone'))
    await screen.findByText('This job is not here any more')
  })
})

describe('the header of the job', () => {
  it('names a sheet that waits for a decision beside those that run', async () => {
    await openJob([], [], { sheetStatuses: ['completed', 'completed', 'in_progress', 'fermata'] })
    expect(screen.getByText('Sheet 3 of 4 is running. Sheet 4 waits for your decision')).toBeTruthy()
  })

  it('keeps the focus on the page when its job is cancelled', async () => {
    const { bridge, user } = await openJob([], [], { running: [anAttempt()] })
    const ended = aJob({ id: 'a', version: 2, status: 'cancelled', can: { ...FROZEN.can, thaw: false, cancel: false } })
    await user.click(screen.getByRole('button', { name: 'Cancel…' }))
    await user.click(screen.getByRole('button', { name: 'Cancel job' }))
    act(() => bridge.change(ended))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Cancel…' })).toBeNull())
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 })))
  })
})

describe('the liveness of a sheet', () => {
  const strip = () => within(screen.getByRole('region', { name: 'Sheet 3' }))
  const load = { processes: 3, memoryBytes: 180_000_000, cpuPercent: 12 }

  it('is told beside its log: since when, last output, what it uses', async () => {
    const now = Date.now()
    const running = [anAttempt({ startedAt: now - 90_000, lastOutputAt: now - 2_500, load })]
    await openJob([], [], { running })
    for (const fact of ['Alive', /^since \d\d:\d\d/, '3 processes', /^12.% CPU$/, /^180.MB$/, 'pid 4711']) {
      expect(strip().getByText(fact)).toBeTruthy()
    }
    expect(strip().getByText(/^last output 2/)).toBeTruthy()
  })

  it('warns of silence before it is acted on', async () => {
    const startedAt = Date.now() - 6 * 60_000
    await openJob([], [], { running: [anAttempt({ silentSince: startedAt, staleAt: startedAt + 10 * 60_000 })] })
    expect(strip().getByText(/^No output for 6.min; will be stopped at \d\d:\d\d$/)).toBeTruthy()
    expect(within(sheetRow(3) as HTMLElement).getByText(/No output for 6/)).toBeTruthy()
  })

  it('stands still with what is frozen: no life, no silence, no ticking clock', async () => {
    const startedAt = Date.now() - 60 * 60_000
    const frozen = { ...FROZEN.frozen, since: Date.now() - 7 * 60_000 }
    const { bridge } = await openJob([], [], { ...FROZEN, frozen, running: [anAttempt({ phase: 'frozen', startedAt, load })] })
    expect(strip().getByText('Frozen')).toBeTruthy()
    expect(document.querySelector('[data-live]')).toBeNull()
    expect(screen.queryByText(/No output for/)).toBeNull()
    expect(sheetRow(3)?.textContent).toMatch(/Frozen.*still for 7/)
    expect(document.querySelector('header[data-frozen]')?.textContent).toMatch(/Frozen.*since \d\d:\d\d · 7/)
    expect(screen.getByRole('button', { name: 'Thaw' })).toBeTruthy()
    await waitFor(() => expect(bridge.inputsOf('logs.window')).toHaveLength(1))
  })
})

describe('what can be done to a sheet', () => {
  const button = (name: string) => screen.getByRole('button', { name })

  it('is done at once when nothing of it runs', async () => {
    const { bridge, user } = await openJob([{}, {}, { status: 'failed', can: { retry: true, skip: true } }])
    await user.click(button('Leave out'))
    await user.click(button('Run again'))
    expect(bridge.inputsOf('jobs.skipSheet')).toEqual([{ jobId: 'a', sheet: 3 }])
    expect(bridge.inputsOf('jobs.retrySheet')).toEqual([{ jobId: 'a', sheet: 3 }])
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('ends a wait', async () => {
    await openJob([{}, {}, { status: 'retry_scheduled', can: { retry: true, skip: true } }])
    expect(button('Run now')).toBeTruthy()
  })

  it('is asked about when the sheet runs, and says what happens', async () => {
    const { bridge, user } = await openJob([], [], { running: [anAttempt()] })
    await user.click(button('Leave out…'))
    const dialog = within(screen.getByRole('dialog', { name: 'Leave out sheet 3?' }))
    expect(dialog.getByText(/depend on it go on without its work/)).toBeTruthy()
    expect(document.activeElement).toBe(dialog.getByRole('button', { name: 'Let it run' }))
    expect(bridge.inputsOf('jobs.skipSheet')).toEqual([])
    await user.click(dialog.getByRole('button', { name: 'End and leave out' }))
    expect(bridge.inputsOf('jobs.skipSheet')).toEqual([{ jobId: 'a', sheet: 3 }])
  })

  it('says that a sheet of a frozen job begins again only when the job is resumed', async () => {
    const { user } = await openJob([], [], { ...FROZEN, running: [anAttempt({ phase: 'frozen' })] })
    await user.click(button('Run again…'))
    const dialog = screen.getByRole('dialog')
    expect(dialog.textContent).toMatch(/It stands frozen\. Its processes are ended/)
    expect(dialog.textContent).toContain('When the job is resumed it starts from its beginning')
    expect(document.activeElement).toBe(within(dialog).getByRole('button', { name: 'Keep it frozen' }))
  })

  it('is not asked about any more when the sheet has ended meanwhile', async () => {
    const { bridge, user } = await openJob([], [], { running: [anAttempt()] })
    await user.click(button('Run again…'))
    expect(screen.getByRole('dialog')).toBeTruthy()
    act(() => bridge.change(aJob({ id: 'a', name: 'nightly', version: 2 })))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(bridge.inputsOf('jobs.retrySheet')).toEqual([])
  })
})

describe('processes that outlived a stop', () => {
  const left = { status: 'cancelled', survivors: [123, 456] } as const

  it('are named, and another try is one click away', async () => {
    const { bridge, user } = await openJob([], [], left)
    const banner = within(screen.getByRole('region', { name: 'Processes left over' }))
    expect(banner.getByText('2 processes could not be ended: 123, 456')).toBeTruthy()
    bridge.answers['jobs.endSurvivors'] = () => ({ ok: true, value: aJob({ id: 'a', version: 2, status: 'cancelled' }) })
    await user.click(banner.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Processes left over' })).toBeNull())
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 })))
  })

  it('are the fact of the job, whatever its status', async () => {
    await openJob([], [], left)
    expect(screen.getByText('2 left over')).toBeTruthy()
    expect(screen.queryByText('nothing of this job runs')).toBeNull()
  })

  it('are told of when they survive that too', async () => {
    const { user } = await openJob([], [], left)
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect((await screen.findByRole('alert')).textContent).toContain('Still running: 123, 456')
  })
})

describe('the search of a log', () => {
  const field = () => screen.getByRole('textbox', { name: 'Search the log' })
  const answer = () => document.getElementById('log-search-answer')?.textContent

  it('opens with Ctrl F, counts, leads to the line, and goes round', async () => {
    const { user } = await openJob([], numbered(5000))
    await waitFor(() => expect(shownLines()).toContain(5000))
    await user.keyboard('{Control>}f{/Control}')
    expect(document.activeElement).toBe(field())
    await user.keyboard('line 100')
    await waitFor(() => expect(answer()).toBe('1 of 11'))
    await waitFor(() => expect(follows()).toBe(false))
    await waitFor(() => expect(document.querySelector('[data-found]')?.getAttribute('data-line')).toBe('100'))
    await user.keyboard('{Enter}')
    expect(answer()).toBe('2 of 11')
    await waitFor(() => expect(document.querySelector('[data-found]')?.getAttribute('data-line')).toBe('1000'))
    await user.keyboard('{Shift>}{Enter}{Enter}{/Shift}')
    expect(answer()).toBe('11 of 11')
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('textbox', { name: 'Search the log' })).toBeNull()
    expect(document.querySelector('[data-found]')).toBeNull()
  })

  it('goes on where a long search stopped', async () => {
    const { bridge, user } = await openJob([], numbered(700))
    await user.keyboard('{Control>}f{/Control}line')
    await waitFor(() => expect(answer()).toBe('1 of 500+'))
    // Which hit is the last one is not known yet.
    await user.keyboard('{Shift>}{Enter}{/Shift}')
    expect(answer()).toBe('1 of 500+')
    for (let hit = 1; hit < 500; hit++) fireEvent.keyDown(field(), { key: 'Enter' })
    await user.keyboard('{Enter}')
    await waitFor(() => expect(answer()).toBe('501 of 700'))
    expect(bridge.inputsOf('logs.search').at(-1)).toMatchObject({ from: 501 })
  })

  it('closes with Escape wherever in it the keyboard is, and gives the focus to the log', async () => {
    const { user } = await openJob()
    await user.keyboard('{Control>}f{/Control}line')
    screen.getByRole('button', { name: 'Next hit' }).focus()
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('textbox', { name: 'Search the log' })).toBeNull()
    expect(document.activeElement).toBe(log())
  })

  it('says that there is nothing, and what is wrong with a pattern', async () => {
    const { bridge, user } = await openJob()
    await user.keyboard('{Control>}f{/Control}nowhere')
    await waitFor(() => expect(answer()).toBe('No hits'))
    const problem = aProblem({ message: 'This is no pattern to search with.', remedy: 'Mend it.' })
    bridge.answers['logs.search'] = () => ({ ok: false, problem })
    await user.click(screen.getByRole('button', { name: 'Regular expression' }))
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toBe('This is no pattern to search with. Mend it.')
    expect(bridge.inputsOf('logs.search').at(-1)).toMatchObject({ text: 'nowhere', regex: true })
  })
})

describe('the log', () => {
  it('says when it was removed, rather than that there is none', async () => {
    const { bridge } = await openJob()
    const gone = {
      attempt: 1,
      from: 1,
      lines: [],
      totalLines: 0,
      sizeBytes: 0,
      isGone: false,
      removedAt: new Date(2026, 2, 12).getTime(),
    }
    bridge.answers['logs.window'] = () => ({ ok: true, value: gone })
    await screen.findByText(/Removed on 12 Mar 2026 to save space/)
  })

  it('says when somebody has deleted it, rather than that nothing was printed', async () => {
    const gone = { attempt: 1, from: 1, lines: [], totalLines: 0, sizeBytes: 0, isGone: true, removedAt: null }
    const { bridge, user } = await openJob([{}, {}, { status: 'completed' }])
    bridge.answers['logs.window'] = () => ({ ok: true, value: gone })
    await user.click(screen.getByRole('tab', { name: 'Errors' }))
    await screen.findByText(/Its output is not there any more/)
  })

  it('of more lines than can be laid out is reached from its first to its last', async () => {
    const total = 2_000_000
    const { bridge, user } = await openJob()
    bridge.answers['logs.window'] = ({ from, count, attempt }) => {
      const first = from < 0 ? total + from + 1 : from
      const lines = Array.from({ length: Math.min(count, total - first + 1) }, (_, index) => `line ${first + index}`)
      return { ok: true, value: { attempt, from: first, lines, totalLines: total, sizeBytes: 1, removedAt: null, isGone: false } }
    }
    const hit = { line: 300_000, text: 'line 300000', start: 5, end: 11 }
    bridge.answers['logs.search'] = () => ({ ok: true, value: { hits: [hit], next: null } })
    await user.click(screen.getByRole('tab', { name: 'Errors' }))
    await screen.findByText('line 2000000')
    await user.keyboard('{Control>}f{/Control}300000')
    await waitFor(() => expect(document.querySelector('[data-found]')?.textContent).toBe('300000line 300000'))
    log().focus()
    await user.keyboard('{Home}')
    await screen.findByText('line 1')
    // The slice ends in the midst of the log: its edge moves on.
    await scrollTo(log().scrollHeight)
    await scrollTo(log().scrollHeight)
    await waitFor(() => expect(shownLines().at(-1)).toBe(total))
    await user.keyboard('{Home}{End}')
    await screen.findByText('line 2000000')
  })

  it('draws only the lines in view of those it holds', async () => {
    const { bridge } = await openJob([], numbered(100_000))
    await waitFor(() => expect(shownLines()).toContain(100_000))
    expect(shownLines().length).toBeLessThan(100)
    expect(bridge.inputsOf('logs.window')[0]).toMatchObject({ sheet: 3, attempt: 1, stream: 'stdout', from: -600, count: 600 })
  })

  it('follows the end while the sheet runs: it asks when it is told that the log grew', async () => {
    const { bridge, lines } = await openJob()
    await waitFor(() => expect(shownLines()).toContain(500))
    const [log] = bridge.inputsOf('logs.follow')
    expect(log).toMatchObject({ jobId: 'a', stream: 'stdout' })
    const before = bridge.inputsOf('logs.window').length
    lines.push('line 501')
    if (log) act(() => bridge.emit('logs.grew', log))
    await waitFor(() => expect(bridge.inputsOf('logs.window').length).toBe(before + 1))
    await waitFor(() => expect(shownLines()).toContain(501))
  })

  it('stops asking when the sheet has ended, after one last look', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { bridge, lines } = await openJob()
    await waitFor(() => expect(shownLines()).toContain(500))
    lines.push('the last words')
    act(() => bridge.change(aJob({ id: 'a', version: 2, sheetStatuses: ['completed', 'completed', 'completed', 'pending'] })))
    await waitFor(() => expect(screen.getByText('the last words')).toBeTruthy())
    const before = bridge.inputsOf('logs.window').length
    await act(() => vi.advanceTimersByTimeAsync(5000))
    expect(bridge.inputsOf('logs.window').length).toBe(before)
  })

  it('does not ask while nobody sees the window, and catches up afterwards', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { bridge, lines } = await openJob()
    await waitFor(() => expect(shownLines()).toContain(500))
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
    fireEvent(document, new Event('visibilitychange'))
    const before = bridge.inputsOf('logs.window').length
    lines.push('line 501')
    await act(() => vi.advanceTimersByTimeAsync(5000))
    expect(bridge.inputsOf('logs.window').length).toBe(before)
    hidden.mockRestore()
    fireEvent(document, new Event('visibilitychange'))
    await waitFor(() => expect(screen.getByText('line 501')).toBeTruthy())
  })

  it('stops following when someone scrolls up, and starts again at the end', async () => {
    const { bridge } = await openJob([], numbered(5000))
    await waitFor(() => expect(shownLines()).toContain(5000))
    expect(follows()).toBe(true)
    await scrollTo(19 * 1000)
    expect(follows()).toBe(false)
    await waitFor(() => expect(screen.getByText('line 1010')).toBeTruthy())
    expect(bridge.inputsOf('logs.window').at(-1)?.from).toBeGreaterThan(700)
    await scrollTo(log().scrollHeight - VIEW_HEIGHT)
    expect(follows()).toBe(true)
  })

  it.each([
    ['its button', () => fireEvent.click(screen.getByRole('button', { name: 'Follow the end' }))],
    ['the End key', () => fireEvent.keyDown(log(), { key: 'End' })],
  ])('follows again by %s', async (_, again) => {
    await openJob([], numbered(5000))
    await waitFor(() => expect(shownLines()).toContain(5000))
    await scrollTo(0)
    expect(follows()).toBe(false)
    again()
    expect(follows()).toBe(true)
    await waitFor(() => expect(shownLines()).toContain(5000))
  })

  it('shows the error output and earlier attempts', async () => {
    const { bridge, user } = await openJob([{}, {}, { attempts: 2 }])
    bridge.logs.set('a/3/2/stderr', ['a warning'])
    await user.click(screen.getByRole('tab', { name: 'Errors' }))
    await screen.findByText('a warning')
    await user.click(screen.getByRole('tab', { name: 'Output' }))
    await user.selectOptions(screen.getByRole('combobox', { name: 'Attempt' }), '1')
    await screen.findByText('line 500')
  })

  it('says events of agents shortly, and raw when asked', async () => {
    const event = JSON.stringify({ type: 'assistant', message: { content: [{ type: 'text', text: 'Reading the parser.' }] } })
    const { user } = await openJob([], ['plain', event])
    await screen.findByText('Reading the parser.')
    await user.click(screen.getByRole('button', { name: 'Raw lines' }))
    await screen.findByText(event)
  })

  it('opens a long line in full', async () => {
    const long = `start ${'x'.repeat(3000)} end`
    await openJob([], ['short', long])
    fireEvent.click(await screen.findByText(/^start x/))
    expect(within(screen.getByRole('region', { name: 'Line 2' })).getByText(/ end$/)).toBeTruthy()
    const close = screen.getByRole('button', { name: 'Close the line' })
    close.focus()
    fireEvent.click(close)
    await waitFor(() => expect(document.activeElement).toBe(log()))
  })

  it('tells silence from a failure', async () => {
    const { bridge, user } = await openJob([], [])
    await screen.findByText('No output yet.')
    bridge.answers['logs.window'] = () => ({ ok: false, problem: aProblem({ message: 'The file is gone.' }) })
    await user.click(screen.getByRole('tab', { name: 'Errors' }))
    await screen.findByText('The file is gone.')
  })
})
