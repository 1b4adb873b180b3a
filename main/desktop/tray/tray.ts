import { isDeepStrictEqual } from 'node:util'
import { Menu, nativeTheme, Tray } from 'electron'
import type { Disposer, Engine, JobSummary } from '../../engine/index.ts'
import { attentionAfter, attentionAtStart } from '../jobs/attention.ts'
import { createThrottle } from '../shared/throttle.ts'
import { trayImage } from './tray-icons.ts'
import { limitItems, showsCountdown } from './tray-limits.ts'
import { menuTemplate } from './tray-menu.ts'
import { type TrayCommand, type TrayModel, trayModel } from './tray-model.ts'

export interface TrayParts {
  readonly engine: Engine
  /** Folder of the tray's pictures. */
  readonly icons: string
  readonly run: (command: TrayCommand) => void
  /** Whether somebody is looking at the window now. */
  readonly isLookedAt: () => boolean
  /** How many sheets Fermata still waits for before it quits; null when it does not quit. */
  readonly quitting: () => number | null
}

export interface AppTray {
  /** Somebody looked at the window: nothing waits for attention any more. */
  looked(): void
  /** Something else that it shows has changed. */
  refresh(): void
  readonly dispose: Disposer
}

/** A menu that is rebuilt faster than this flickers under the pointer. */
const INTERVAL_MS = 250
/** Countdowns are told in minutes. */
const MINUTE_MS = 60_000

/** The tray, or null where the system refuses one: then the window is all there is. */
export const tryTray = (parts: TrayParts): Promise<AppTray | null> =>
  createTray(parts).catch((error: unknown) => {
    console.error('fermata: no tray here', error)
    return null
  })

/** Shows the tray and keeps it true. Electron is told only what changed. */
async function createTray({ engine, icons, run, isLookedAt, quitting }: TrayParts): Promise<AppTray> {
  const dark = () => nativeTheme.shouldUseDarkColors
  const jobs = await engine.jobs.list()
  let attention = attentionAtStart(jobs)
  let shown: TrayModel | undefined
  const first = trayModel(jobs, attention, null, limitItems(jobs, Date.now()))
  const tray = new Tray(trayImage(icons, first.icon, dark()))

  const show = (model: TrayModel): void => {
    if (shown && shown.icon !== model.icon) tray.setImage(trayImage(icons, model.icon, dark()))
    if (shown?.tooltip !== model.tooltip) tray.setToolTip(model.tooltip)
    if (!isDeepStrictEqual(shown?.items, model.items)) tray.setContextMenu(Menu.buildFromTemplate(menuTemplate(model.items, run)))
    shown = model
  }
  show(first)

  const throttle = createThrottle(INTERVAL_MS, async () => {
    const now = await engine.jobs.list()
    if (tray.isDestroyed()) return
    show(trayModel(now, attention, quitting(), limitItems(now, Date.now())))
    keepCounting(now)
  })
  /** Set while a countdown is shown that nothing else would move. */
  let minute: NodeJS.Timeout | undefined
  const keepCounting = (shown: readonly JobSummary[]): void => {
    if (!showsCountdown(shown)) return
    minute ??= setTimeout(() => {
      minute = undefined
      throttle.request()
    }, MINUTE_MS)
  }
  keepCounting(jobs)
  const unsubscribe = engine.events.on((event) => {
    if (!isLookedAt()) attention = attentionAfter(attention, event)
    throttle.request()
  })

  const repaint = () => shown && tray.setImage(trayImage(icons, shown.icon, dark()))
  nativeTheme.on('updated', repaint)
  // macOS opens the menu itself; elsewhere the first click opens the window.
  if (process.platform !== 'darwin') tray.on('click', () => run({ type: 'open_window' }))

  return {
    looked() {
      if (attention.size === 0) return
      attention = new Set()
      throttle.request()
    },
    refresh: throttle.request,
    dispose() {
      unsubscribe()
      clearTimeout(minute)
      throttle.dispose()
      nativeTheme.off('updated', repaint)
      tray.destroy()
    },
  }
}
