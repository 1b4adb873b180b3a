import type { Bridge, EventPayload } from '../../preload/contract.ts'
import { ask } from '../app/bridge.ts'
import type { AppStore } from './app-store.ts'
import { applyBatch, fromSnapshot, takeIn } from './projection.ts'

export interface Connector {
  /** Asks for a new snapshot, unless one is on its way. */
  refresh(): void
  dispose(): void
}

/** Keeps the store's projection true: a snapshot first, then batches; a missing batch brings a new snapshot. */
export function connect(bridge: Bridge, store: AppStore): Connector {
  /** Batches that came while a snapshot was on its way; null while none is. */
  let early: EventPayload<'jobs.changed'>[] | null = null
  let disposed = false

  async function refresh(): Promise<void> {
    if (early) return
    early = []
    if (store.getState().connection.status === 'failed') store.setState({ connection: { status: 'loading' } })
    const answer = await ask(bridge, 'jobs.snapshot', null)
    const overtakers = early
    early = null
    if (disposed) return
    if (!answer.ok) {
      store.setState({ connection: { status: 'failed', problem: answer.problem } })
      return
    }
    const projection = overtakers.reduce(takeIn, fromSnapshot(answer.value))
    store.setState({ connection: { status: 'ready' }, projection })
  }

  const subscriptions = [
    bridge.on('jobs.changed', (batch) => {
      if (early) {
        early.push(batch)
        return
      }
      const projection = applyBatch(store.getState().projection, batch)
      if (projection === 'gap') void refresh()
      else store.setState({ projection })
    }),
    bridge.on('app.showJob', ({ jobId }) => {
      store.closeDialog()
      store.showJob(jobId)
    }),
    bridge.on('app.showInstruments', () => {
      store.closeDialog()
      store.showInstruments()
    }),
    bridge.on('app.showUsage', () => {
      store.closeDialog()
      store.showUsage()
    }),
    bridge.on('app.showSettings', () => {
      store.closeDialog()
      store.showSettings()
    }),
    bridge.on('app.quitting', ({ sheets }) => store.setState({ quitting: sheets })),
    bridge.on('app.problem', ({ title, problem }) => {
      const { file, findings, message, remedy } = problem
      if (findings.length > 0) store.openDialog({ kind: 'refused', refusal: { file, problem } })
      else store.toast({ tone: 'problem', title, message: remedy ? `${message} ${remedy}` : message })
    }),
  ]
  void refresh()

  return {
    refresh: () => void refresh(),
    dispose: () => {
      disposed = true
      for (const unsubscribe of subscriptions) unsubscribe()
    },
  }
}
