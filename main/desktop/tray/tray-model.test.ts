import { describe, expect, it } from 'vitest'
import { failedJob, frozenJob, jobSummary, pausedJob } from '../../../test/support/job-summary.ts'
import { MAX_LABEL, MAX_REASON, type TrayItem, trayModel } from './tray-model.ts'

const NOTHING = { pause: false, resume: false, cancel: false, freeze: false, thaw: false }
const nobody: ReadonlySet<string> = new Set()
const labels = (items: readonly TrayItem[]): string[] => items.map((item) => (item.kind === 'separator' ? '—' : item.label))

function flat(items: readonly TrayItem[]): TrayItem[] {
  return items.flatMap((item) => [item, ...(item.kind === 'menu' ? flat(item.items) : [])])
}

function find(items: readonly TrayItem[], id: string): TrayItem & { enabled: boolean } {
  const item = flat(items).find((candidate) => candidate.id === id)
  if (!item || !('enabled' in item)) throw new Error(`no item ${id}`)
  return item
}

describe('the menu of the tray', () => {
  it('has a row per active job, then what concerns all, then the app', () => {
    const { items } = trayModel([jobSummary(), pausedJob({ id: 'job-2', name: 'docs' })], nobody)
    expect(labels(items)).toEqual([
      'nightly-refactor · 2 of 4 sheets · running',
      'docs · 2 of 4 sheets · paused',
      '—',
      'Pause all',
      'Resume all',
      '—',
      'Open Fermata',
      'Quit',
    ])
  })

  it('tells in a row why the job is as it is, and offers what makes sense now', () => {
    const { items } = trayModel([jobSummary()], nobody)
    const [row] = items
    if (row?.kind !== 'menu') throw new Error('a row is a menu')
    expect(labels(row.items)).toEqual([
      'Sheet 3 of 4 on rehearsal',
      '—',
      'Open',
      'Pause after this sheet',
      'Resume',
      'Freeze now',
      'Cancel…',
    ])
    expect(find(items, 'job:job-1:pause_job').enabled).toBe(true)
    expect(find(items, 'job:job-1:resume_job').enabled).toBe(false)
    const paused = trayModel([pausedJob()], nobody).items
    expect(find(paused, 'job:job-1:pause_job').enabled).toBe(false)
    expect(find(paused, 'job:job-1:resume_job').enabled).toBe(true)
  })

  it('calls a frozen job frozen, not paused, and offers to thaw it', () => {
    const { items } = trayModel([frozenJob()], nobody)
    expect(labels(items)[0]).toBe('nightly-refactor · 2 of 4 sheets · frozen')
    expect(labels(flat(items))).not.toContain('Freeze now')
    expect(find(items, 'job:job-1:thaw_job')).toMatchObject({
      label: 'Thaw',
      enabled: true,
      command: { type: 'thaw_job', jobId: 'job-1' },
    })
    const thawing = frozenJob({ frozen: { since: 1, by: 'user', thawing: true }, can: { ...frozenJob().can, thaw: false } })
    expect(labels(trayModel([thawing], nobody).items)[0]).toContain('thawing')
    expect(find(trayModel([thawing], nobody).items, 'job:job-1:thaw_job').enabled).toBe(false)
    expect(labels(trayModel([frozenJob({ running: jobSummary().running })], nobody).items)[0]).toContain('freezing')
  })

  it('offers to freeze only what can be frozen', () => {
    expect(labels(flat(trayModel([pausedJob()], nobody).items)).join()).not.toMatch(/Freeze|Thaw/)
  })

  it('keeps the row of a job whose stop left processes over, also when somebody has looked', () => {
    const left = jobSummary({ status: 'cancelled', running: [], survivors: [12, 13], can: NOTHING })
    const model = trayModel([left], nobody)
    expect(labels(model.items)[0]).toBe('nightly-refactor · 2 of 4 sheets · cancelled, 2 left over')
    expect(model.tooltip).toBe('Fermata: 2 processes left over')
  })

  it('names a sheet that waits for a decision beside those that run', () => {
    const [row] = trayModel([jobSummary({ sheetStatuses: ['in_progress', 'fermata'] })], nobody).items
    expect(row?.kind === 'menu' && labels(row.items)[0]).toBe('Sheet 3 of 4 on rehearsal. Sheet 2 waits for your decision')
  })

  it('lets nothing start while it waits to quit', () => {
    const { items } = trayModel([pausedJob()], nobody, 1)
    expect([find(items, 'job:job-1:resume_job').enabled, find(items, 'resume_all').enabled]).toEqual([false, false])
  })

  it('says that it waits to quit, and takes that back', () => {
    const { items } = trayModel([jobSummary({ status: 'pausing' })], nobody, 2)
    expect(labels(items).slice(-4)).toEqual(['Open Fermata', 'Quitting when 2 sheets are done…', 'Don’t quit', 'Quit…'])
    expect(find(items, 'stay')).toMatchObject({ enabled: true, command: { type: 'stay' } })
  })

  it('asks once before it cancels: the confirming item is in a menu of its own', () => {
    const cancel = find(trayModel([jobSummary()], nobody).items, 'job:job-1:cancel')
    if (cancel.kind !== 'menu') throw new Error('cancel is a menu')
    expect(cancel.items).toEqual([
      { kind: 'note', id: 'job:job-1:cancel_note', label: 'Ends its processes. Finished sheets stay.' },
      {
        kind: 'command',
        id: 'job:job-1:cancel_job',
        label: 'Cancel “nightly-refactor” now',
        enabled: true,
        command: { type: 'cancel_job', jobId: 'job-1' },
      },
    ])
  })

  it('does not offer to cancel twice', () => {
    const model = trayModel([jobSummary({ cancelling: true, can: NOTHING })], nobody)
    expect(labels(model.items)[0]).toBe('nightly-refactor · 2 of 4 sheets · cancelling')
    expect(find(model.items, 'job:job-1:cancel').enabled).toBe(false)
  })

  it('does not call running what has no process any more', () => {
    const running = jobSummary().running.map((attempt) => ({ ...attempt, phase: 'checking' as const }))
    expect(labels(trayModel([jobSummary({ running })], nobody).items)[0]).toContain('checking')
  })

  it('leaves out finished jobs, except a failed one nobody has seen yet', () => {
    const jobs = [failedJob(), jobSummary({ id: 'job-2', status: 'completed', running: [] })]
    expect(labels(trayModel(jobs, nobody).items)[0]).toBe('No active jobs')
    expect(labels(trayModel(jobs, new Set(['job-1', 'job-2'])).items).slice(0, 2)).toEqual([
      'nightly-refactor · 2 of 4 sheets · failed',
      '—',
    ])
  })

  it('enables Pause all and Resume all only when there is something to pause or resume', () => {
    const enabled = (...jobs: Parameters<typeof trayModel>[0][number][]) => {
      const { items } = trayModel(jobs, nobody)
      return [find(items, 'pause_all').enabled, find(items, 'resume_all').enabled]
    }
    expect(enabled()).toEqual([false, false])
    expect(enabled(jobSummary())).toEqual([true, false])
    expect(enabled(pausedJob())).toEqual([false, true])
    expect(enabled(jobSummary(), pausedJob({ id: 'job-2' }))).toEqual([true, true])
    // A failed job can be resumed, but nobody means it by "all".
    expect(enabled(failedJob())).toEqual([false, false])
  })

  it('keeps its labels short and whole, and cuts the name first', () => {
    const name = 'an-exceedingly-long-name-🎼🎼🎼-of-a-score-that-somebody-generated-by-machine'
    const { items } = trayModel(
      [jobSummary({ name, reason: 'why '.repeat(60), completedSheets: 100, totalSheets: 1200 })],
      nobody,
    )
    const notes = flat(items).filter(({ kind }) => kind === 'note')
    const others = flat(items).filter((item) => !notes.includes(item))
    for (const label of labels(others)) expect([...label].length).toBeLessThanOrEqual(MAX_LABEL)
    for (const label of labels(notes)) expect([...label].length).toBeLessThanOrEqual(MAX_REASON)
    expect(labels(items)[0]).toMatch(/^an-exceedingly-long-name-.*… · 100 of 1200 sheets · running$/u)
    expect(labels(items).join('')).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/)
  })

  it('stays shorter than the screen: more than twelve jobs end in one row', () => {
    const jobs = Array.from({ length: 15 }, (_, i) => jobSummary({ id: `job-${i}` }))
    const { items } = trayModel(jobs, nobody)
    expect(labels(items)[12]).toBe('and 3 more…')
    expect(items.filter(({ kind }) => kind === 'menu')).toHaveLength(12)
  })

  it('gives everything an id of its own that does not depend on its neighbours', () => {
    const { items } = trayModel([jobSummary(), pausedJob({ id: 'job-2' })], nobody)
    const ids = flat(items).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const alone = flat(trayModel([pausedJob({ id: 'job-2' })], nobody).items).map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(alone))
  })
})

describe('the icon and tooltip of the tray', () => {
  it.each([
    ['idle', [], nobody, 'Fermata: no active jobs'],
    ['idle', [failedJob()], nobody, 'Fermata: no active jobs'],
    ['running', [jobSummary(), pausedJob({ id: 'job-2' })], nobody, 'Fermata: 1 running, 1 paused'],
    ['running', [jobSummary({ status: 'pausing' })], nobody, 'Fermata: 1 running'],
    ['paused', [pausedJob()], nobody, 'Fermata: 1 paused'],
    ['paused', [pausedJob(), frozenJob({ id: 'job-2' })], nobody, 'Fermata: 1 paused, 1 frozen'],
    ['paused', [jobSummary({ status: 'waiting', wakeAt: 9_000, running: [] })], nobody, 'Fermata: 1 waiting'],
    ['attention', [jobSummary(), failedJob({ id: 'job-2' })], new Set(['job-2']), 'Fermata: 1 running, 1 needs you'],
    ['running', [jobSummary()], new Set(['job-1']), 'Fermata: 1 running'],
  ] as const)('is %s', (icon, jobs, attention, tooltip) => {
    expect(trayModel(jobs, attention)).toMatchObject({ icon, tooltip })
  })
})
