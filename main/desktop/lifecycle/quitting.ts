import { app, autoUpdater, type BrowserWindow, dialog, powerMonitor } from 'electron'
import type { Disposer, Engine } from '../../engine/index.ts'
import { cancelRunningJobs, cancelsAreOver } from './cancel-jobs.ts'
import { pauseJobsAndWait } from './pause-jobs.ts'
import { type QuitAnswer, type QuitQuestion, quitQuestion } from './quit-question.ts'

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
  /** It was decided that Fermata quits: nothing new may start. */
  isDecided(): boolean
  /** Takes back that Fermata quits when the sheets in flight are done. Jobs that were paused for it stay paused. */
  stay(): void
}

/**
 * Decides how Fermata ends. Whoever quits is asked when jobs run; a signal, the end of the session or an update cannot wait
 * for an answer and keeps them running. Closing the window is not quitting, as long as there is a tray.
 */
export function installQuitting({ engine, visibleWindow, close, hasTray, onWaiting }: QuittingParts): Quitting {
  let state: 'open' | 'asking' | 'ending' | 'leaving' | 'left' = 'open'
  /** The question that is on the screen. */
  let question: AbortController | null = null
  let waiting: { readonly sheets: number; readonly end: Disposer } | null = null

  const leave = async (): Promise<void> => {
    if (state === 'leaving' || state === 'left') return
    state = 'leaving'
    waiting?.end()
    question?.abort()
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
    state = 'ending'
    // What is being cancelled was promised to end, whatever is answered for the others.
    await (answer === 'cancel_jobs' ? cancelRunningJobs(engine) : cancelsAreOver(engine))
    await leave()
  }

  /** Asks until there is an answer: anew when the window of the question is closed or Fermata is told to quit once more. */
  const ask = async (): Promise<QuitAnswer> => {
    for (;;) {
      const asked = quitQuestion(await engine.jobs.list(), waiting?.sheets)
      if (!asked) return 'keep'
      const response = await show(asked)
      if (response !== null) return asked.answers[response] ?? 'stay'
      if (state !== 'asking') return 'stay'
    }
  }

  /** The button that was pressed; null when the question went away before. */
  const show = async (asked: QuitQuestion): Promise<number | null> => {
    const round = new AbortController()
    const gone = new Promise<null>((resolve) => round.signal.addEventListener('abort', () => resolve(null)))
    question = round
    const options = {
      type: 'question' as const,
      title: 'Quit Fermata?',
      message: asked.message,
      detail: asked.detail,
      buttons: [...asked.buttons],
      defaultId: asked.answers.indexOf(asked.usual),
      cancelId: asked.answers.indexOf('stay'),
      noLink: true,
      signal: round.signal,
    }
    const parent = visibleWindow()
    const onClosed = () => round.abort()
    parent?.once('closed', onClosed)
    try {
      const box = parent ? dialog.showMessageBox(parent, options) : dialog.showMessageBox(options)
      const answer = await Promise.race([box, gone])
      return answer === null || round.signal.aborted ? null : answer.response
    } finally {
      question = null
      parent?.off('closed', onClosed)
    }
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
    // Told once more: the question may lie under other windows.
    else question?.abort()
  })
  app.on('window-all-closed', () => {
    if (!hasTray) app.quit()
  })

  const leaveNow = () => void leave()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, leaveNow)
  powerMonitor.on('shutdown', (event?: Pick<Electron.Event, 'preventDefault'>) => {
    // Else the system goes on at once, and ends what is still being closed.
    event?.preventDefault()
    leaveNow()
  })
  autoUpdater.on('before-quit-for-update', leaveNow)
  app.on('browser-window-created', (_event, window) => {
    if (process.platform === 'win32') window.on('session-end', leaveNow)
  })
  const isDecided = () => waiting !== null || state === 'ending' || state === 'leaving' || state === 'left'
  return { waitsFor: () => waiting?.sheets ?? null, isDecided, stay }
}
