import { app } from 'electron'
import { type HandedOver, scoresOf } from './scores.ts'

/** What starts, this one and later ones, ask the one Fermata of a data folder for. */
export interface Handover {
  /** Calls `open` with the scores (absolute paths, may be none) of every start, those that came already first. */
  receive(open: (scorePaths: readonly string[]) => void): void
}

/**
 * Makes this the one Fermata of its data folder. When there is one already, that one gets the scores, which were made
 * absolute here, where their folder is known, and shows its window; then this answers null.
 *
 * Must be called before Electron is ready: macOS hands files over early.
 */
export function takeLead(scorePaths: readonly string[]): Handover | null {
  if (!app.requestSingleInstanceLock({ scorePaths } satisfies HandedOver)) return null
  let receiver: ((scorePaths: readonly string[]) => void) | undefined
  let early = [...scorePaths]
  const pass = (paths: readonly string[]): void => {
    if (receiver) receiver(paths)
    else early.push(...paths)
  }
  app.on('second-instance', (_event, _argv, _cwd, data) => pass(scoresOf(data)))
  app.on('open-file', (event, path) => {
    event.preventDefault()
    pass([path])
  })
  // macOS: the Dock icon was clicked.
  app.on('activate', () => pass([]))
  return {
    receive(open) {
      receiver = open
      open(early)
      early = []
    },
  }
}
