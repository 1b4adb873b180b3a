import { app, autoUpdater, type BrowserWindow, dialog, powerMonitor } from 'electron'
import type { Disposer, Engine } from '../../engine/index.ts'
import { cancelRunningJobs } from './cancel-jobs.ts'
import { pauseJobsAndWait } from './pause-jobs.ts'
import { type QuitAnswer, quitQuestion } from './quit-question.ts'

export interface QuittingParts {
  readonly engine: Engine
  /** The window as the dialog's parent. */
  readonly visibleWindow: () => BrowserWindow | null
  /** Stops everything that was started. Attempts go on. */
  readonly close: () => Promise<void>
  /** Without a tray a closed window would leave an app nobody can reach. */
  readonly hasTray: boolean
  /** It is waited for another number of sheets, or not any more. */
  readonly onWaiting: () => void
}

export interface Quitting {
  /** How many sheets are waited for before Fermata quits; null when it does not quit. */
  waitsFor(): number | null
  /** Takes back that Fermata quits when the sheets in flight are done. Jobs that were paused for it stay paused. */
  stay(): void
}

/**
 * Decides how Fermata ends. Whoever quits is asked when jobs run; a signal, the end of the session or an update cannot wait
 * for an answer and keeps them running. Closing the window is not quitting, as long as there is a tray.
 */
export function installQuitting({ engine, visibleWindow, close, hasTray, onWaiting }: QuittingParts): Quitting {
  let state: 'open' | 'asking' | 'leaving' | 'left' = 'open'
  let waiting: { readonly sheets: number; readonly end: Disposer } | null = null

  const leave = async (): Promise<void> => {
    if (state === 'leaving' || state === 'left') return
    state = 'leaving'
    waiting?.end()
    await close().catch((error: unknown) => console.error('fermata: closing failed', error))
    state = 'left'
    app.quit()
  }

  const askAndLeave = async (): Promise<void> => {
    state = 'asking'
    const answer = await ask().catch((error: unknown): QuitAnswer => {
      console.error('fermata: the question whether to quit failed', error)
      return 'stay'
    })
    // A signal, or the last sheet, may have ended the question.
    if (state !== 'asking') return
    if (answer === 'stay' || answer === 'pause_jobs') {
      state = 'open'
      if (answer === 'stay') stay()
      else waitForSheets()
      return
    }
    if (answer === 'cancel_jobs') await cancelRunningJobs(engine)
    await leave()
  }

  const ask = async (): Promise<QuitAnswer> => {
    const question = quitQuestion(await engine.jobs.list(), waiting?.sheets)
    if (!question) return 'keep'
    const options = {
      type: 'question' as const,
      title: 'Quit Fermata?',
      message: question.message,
      detail: question.detail,
      buttons: [...question.buttons],
      defaultId: question.answers.indexOf(question.usual),
      cancelId: question.answers.indexOf('stay'),
      noLink: true,
    }
    const parent = visibleWindow()
    const { response } = await (parent ? dialog.showMessageBox(parent, options) : dialog.showMessageBox(options))
    return question.answers[response] ?? 'stay'
  }

  const waitForSheets = (): void => {
    if (waiting) return
    const end = pauseJobsAndWait({
      engine,
      onCount(sheets) {
        waiting = { sheets, end }
        onWaiting()
      },
      onDone: () => void leave(),
    })
    waiting = { sheets: 0, end }
  }

  const stay = (): void => {
    waiting?.end()
    waiting = null
    onWaiting()
  }

  app.on('before-quit', (event) => {
    if (state === 'left') return
    event.preventDefault()
    if (state === 'open') void askAndLeave()
  })
  app.on('window-all-closed', () => {
    if (!hasTray) app.quit()
  })

  const leaveNow = () => void leave()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, leaveNow)
  powerMonitor.on('shutdown', leaveNow)
  autoUpdater.on('before-quit-for-update', leaveNow)
  app.on('browser-window-created', (_event, window) => {
    if (process.platform === 'win32') window.on('session-end', leaveNow)
  })
  return { waitsFor: () => waiting?.sheets ?? null, stay }
}
