import { app, Menu, type MenuItemConstructorOptions } from 'electron'

const separator: MenuItemConstructorOptions = { type: 'separator' }

export interface MenuActions {
  readonly openScore: () => void
  readonly showInstruments: () => void
  readonly showUsage: () => void
  readonly showSettings: () => void
}

const macMenu = (settings: MenuItemConstructorOptions): MenuItemConstructorOptions => ({
  label: app.name,
  submenu: [
    { role: 'about' },
    separator,
    settings,
    separator,
    { role: 'services' },
    separator,
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    separator,
    { role: 'quit' },
  ],
})

/** Sets the menu bar: hidden until Alt is pressed on Linux and Windows, but its shortcuts work. */
export function setAppMenu({ openScore, showInstruments, showUsage, showSettings }: MenuActions): void {
  const isMac = process.platform === 'darwin'
  const settings = { id: 'settings', label: 'Settings…', accelerator: 'CmdOrCtrl+,', click: showSettings }
  const developer: MenuItemConstructorOptions[] = app.isPackaged
    ? []
    : [{ role: 'reload' }, { role: 'toggleDevTools' }, separator]
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? [macMenu(settings)] : []),
      {
        label: '&File',
        submenu: [
          { id: 'open_score', label: 'Open score…', accelerator: 'CmdOrCtrl+O', click: openScore },
          ...(isMac ? [] : [settings]),
          separator,
          { role: 'close' },
          ...(isMac ? [] : [{ role: 'quit', label: 'Quit', accelerator: 'Ctrl+Q' } as const]),
        ],
      },
      { role: 'editMenu' },
      {
        label: '&View',
        submenu: [
          { id: 'instruments', label: 'Instruments', accelerator: 'CmdOrCtrl+I', click: showInstruments },
          { id: 'usage', label: 'Usage', accelerator: 'CmdOrCtrl+U', click: showUsage },
          separator,
          ...developer,
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          separator,
          { role: 'togglefullscreen' },
        ],
      },
      { role: 'windowMenu' },
    ]),
  )
}
