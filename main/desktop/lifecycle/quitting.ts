import { app, type BrowserWindow, dialog, powerMonitor } from 'electron'
import type { Engine } from '../../engine/index.ts'
import { cancelRunningJobs } from './cancel-jobs.ts'
import { type QuitAnswer, quitQuestion } from './quit-question.ts'

export interface QuittingParts {
  readonly engine: Engine
  /** The window as the dialog's parent. */
  readonly visibleWindow: () => BrowserWindow | null
  /** Stops everything that was started. Attempts go on. */
  readonly close: () => Promise<void>
  /** Without a tray a closed window would leave an app nobody can reach. */
  readonly hasTray: boolean
}

/**
 * Decides how Fermata ends. Whoever quits is asked when jobs run; a signal or the end of the session cannot wait for an
 * answer and keeps them running. Closing the window is not quitting, as long as there is a tray.
 */
export function installQuitting({ engine, visibleWindow, close, hasTray }: QuittingParts): void {
  let state: 'open' | 'asking' | 'leaving' | 'left' = 'open'

  const leave = async (): Promise<void> => {
    if (state === 'leaving' || state === 'left') return
    state = 'leaving'
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
    // A signal may have ended the question.
    if (state !== 'asking') return
    if (answer === 'stay') {
      state = 'open'
      return
    }
    if (answer === 'cancel_jobs') await cancelRunningJobs(engine)
    await leave()
  }

  const ask = async (): Promise<QuitAnswer> => {
    const question = quitQuestion(await engine.jobs.list())
    if (!question) return 'keep'
    const options = {
      type: 'question' as const,
      title: 'Quit Fermata?',
      message: question.message,
      detail: question.detail,
      buttons: [...question.buttons],
      defaultId: question.answers.indexOf('keep'),
      cancelId: question.answers.indexOf('stay'),
      noLink: true,
    }
    const parent = visibleWindow()
    const { response } = await (parent ? dialog.showMessageBox(parent, options) : dialog.showMessageBox(options))
    return question.answers[response] ?? 'stay'
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
  app.on('browser-window-created', (_event, window) => {
    if (process.platform === 'win32') window.on('session-end', leaveNow)
  })
}
