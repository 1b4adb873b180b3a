import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron'
import type { EventName, EventPayload } from '../../../preload/contract.ts'
import { boundsFor, MIN_SIZE } from './place.ts'
import { readPlace, writePlace } from './place-file.ts'

export interface MainWindowParts {
  /** Address of the page. */
  readonly url: string
  /** Path of the preload script. */
  readonly preload: string
  /** Path of the picture the window has in a task bar. */
  readonly icon: string
  /** Path of the file that remembers where the window was. */
  readonly placeFile: string
  /** Somebody looks at the window now. */
  readonly onLook: () => void
  /** The window can be seen, or not any more: it was minimized or closed. Told when it changes. */
  readonly onSeen: (seen: boolean) => void
}

/**
 * The one window. Closing destroys it, which gives back most of the app's memory; the tray stays, and the next
 * `show` makes a new one.
 */
export interface MainWindow {
  show(): void
  /** Sends it to the page when that listens; false when there is no window or it is still loading. */
  publish<N extends EventName>(name: N, payload: EventPayload<N>): boolean
  /** Shows the window and sends it to the page as soon as that listens. */
  showWith<N extends EventName>(name: N, payload: EventPayload<N>): void
  /** The page has subscribed and asked for its first snapshot. */
  pageListens(): void
  owns(contents: WebContents): boolean
  isOpen(): boolean
  isFocused(): boolean
  /** The window as the parent of a dialog, if there is one to see. */
  visible(): BrowserWindow | null
  /** Destroys it, as its close button does. */
  close(): void
}

/** Background before the first paint, as the page's own in either theme. */
const BACKGROUND = { dark: '#161615', light: '#fbfbfa' } as const
/** A page that crashes again within this time is closed instead of reloaded. */
const CRASH_LOOP_MS = 10_000

export function createMainWindow({ url, preload, icon, placeFile, onLook, onSeen }: MainWindowParts): MainWindow {
  let window: BrowserWindow | null = null
  let painted = false
  let listens = false
  let waiting: { name: EventName; payload: unknown }[] = []
  let seen = false

  const look = (): void => {
    const now = window?.isVisible() === true && !window.isMinimized()
    if (now === seen) return
    seen = now
    onSeen(seen)
  }

  const open = (): BrowserWindow => {
    const place = readPlace(placeFile)
    const areas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea)
    const opened = new BrowserWindow({
      ...boundsFor(place, areas),
      minWidth: MIN_SIZE.width,
      minHeight: MIN_SIZE.height,
      show: false,
      title: 'Fermata',
      icon,
      autoHideMenuBar: true,
      backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
      webPreferences: {
        preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
      },
    })
    if (place?.maximized) opened.maximize()
    const appear = () => {
      // Closed before there was anything to see.
      if (window !== opened) return
      painted = true
      opened.show()
    }
    opened.once('ready-to-show', appear)
    opened.on('focus', onLook)
    opened.on('close', () => writePlace(placeFile, { ...opened.getNormalBounds(), maximized: opened.isMaximized() }))
    opened.on('closed', () => {
      window = null
      painted = false
      listens = false
      waiting = []
      look()
    })
    opened.on('show', look)
    opened.on('hide', look)
    opened.on('minimize', look)
    opened.on('restore', look)
    // A reload starts from nothing: the page has to ask again before it is told anything.
    opened.webContents.on('did-start-loading', () => {
      listens = false
    })
    reloadAfterCrash(opened)
    opened.loadURL(url).catch((error: unknown) => {
      // Loading also fails when the window is being closed, and showing it in the midst of that crashes Electron.
      setImmediate(() => {
        if (window === opened) console.error('fermata: the window could not load its page', error)
        appear()
      })
    })
    return opened
  }

  const show = (): void => {
    if (!window) {
      window = open()
      return
    }
    // It appears by itself as soon as there is something to see.
    if (!painted) return
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  const publish: MainWindow['publish'] = (name, payload) => {
    if (!window || !listens) return false
    window.webContents.send(name, payload)
    return true
  }

  return {
    show,
    publish,
    showWith(name, payload) {
      show()
      if (!publish(name, payload)) waiting.push({ name, payload })
    },
    pageListens() {
      listens = true
      for (const { name, payload } of waiting) window?.webContents.send(name, payload)
      waiting = []
    },
    owns: (contents) => contents === window?.webContents,
    isOpen: () => window !== null,
    isFocused: () => window?.isFocused() ?? false,
    visible: () => (window?.isVisible() ? window : null),
    close() {
      window?.close()
    },
  }
}

/** Brings a crashed page back once; jobs are none of its business and go on. */
function reloadAfterCrash(window: BrowserWindow): void {
  let last = Number.NEGATIVE_INFINITY
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    console.error(`fermata: the window's process is gone (${reason})`)
    const now = performance.now()
    if (now - last < CRASH_LOOP_MS) window.destroy()
    else window.webContents.reload()
    last = now
  })
}
