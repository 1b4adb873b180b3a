import { describe, expect, it, vi } from 'vitest'
import type { CallOutput, Result } from '../../preload/contract.ts'
import { aJob, aProblem, createFakeBridge, detailOf } from '../../test/support/fake-bridge.ts'
import { createAppStore } from './app-store.ts'
import { connect } from './connect.ts'

function connected(bridge = createFakeBridge([detailOf(aJob({ id: 'a' }))])) {
  const store = createAppStore()
  const connector = connect(bridge, store)
  const ready = () => vi.waitFor(() => expect(store.getState().connection.status).toBe('ready'))
  const statusOf = (id: string) => store.getState().projection.jobs.get(id)?.status
  return { bridge, store, connector, ready, statusOf }
}

describe('the connection', () => {
  it('begins with a snapshot and goes on with batches', async () => {
    const { bridge, ready, statusOf } = connected()
    await ready()
    expect(statusOf('a')).toBe('running')
    bridge.change(aJob({ id: 'a', version: 2, status: 'paused' }))
    expect(statusOf('a')).toBe('paused')
  })

  it('loses no batch that overtakes the snapshot', async () => {
    const bridge = createFakeBridge()
    let answer: (result: Result<CallOutput<'jobs.snapshot'>>) => void = () => undefined
    bridge.answers['jobs.snapshot'] = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    const { ready, statusOf } = connected(bridge)
    bridge.emit('jobs.changed', { sequence: 7, jobs: [aJob({ id: 'a', version: 1, status: 'queued' })], removed: [] })
    bridge.emit('jobs.changed', { sequence: 8, jobs: [aJob({ id: 'a', version: 3, status: 'paused' })], removed: [] })
    answer({ ok: true, value: { sequence: 7, jobs: [aJob({ id: 'a', version: 2 })] } })
    await ready()
    expect(statusOf('a')).toBe('paused')
  })

  it('asks for a new snapshot when a batch is missing', async () => {
    const { bridge, ready, statusOf } = connected()
    await ready()
    bridge.jobs.set('a', detailOf(aJob({ id: 'a', version: 5, status: 'completed' })))
    bridge.emit('jobs.changed', { sequence: 9, jobs: [], removed: [] })
    await vi.waitFor(() => expect(statusOf('a')).toBe('completed'))
    expect(bridge.inputsOf('jobs.snapshot')).toHaveLength(2)
  })

  it('says that it failed, and recovers when asked again', async () => {
    const bridge = createFakeBridge([detailOf(aJob({ id: 'a' }))])
    bridge.answers['jobs.snapshot'] = () => ({ ok: false, problem: aProblem() })
    const { store, connector, ready } = connected(bridge)
    await vi.waitFor(() => expect(store.getState().connection.status).toBe('failed'))
    delete bridge.answers['jobs.snapshot']
    connector.refresh()
    await ready()
  })

  it('shows a job someone clicked outside the window', async () => {
    const { bridge, store, ready } = connected()
    await ready()
    bridge.emit('app.showJob', { jobId: 'a' })
    expect(store.getState().view).toEqual({ name: 'job', jobId: 'a', sheet: null })
  })

  it('hears nothing any more once disposed', async () => {
    const { bridge, connector, ready, statusOf } = connected()
    await ready()
    connector.dispose()
    bridge.change(aJob({ id: 'a', version: 2, status: 'paused' }))
    expect(statusOf('a')).toBe('running')
  })
})
