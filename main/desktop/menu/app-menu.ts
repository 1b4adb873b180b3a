import { app, Menu, type MenuItemConstructorOptions } from 'electron'

const separator: MenuItemConstructorOptions = { type: 'separator' }

const macMenu: MenuItemConstructorOptions = {
  label: app.name,
  submenu: [
    { role: 'about' },
    separator,
    { role: 'services' },
    separator,
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    separator,
    { role: 'quit' },
  ],
}

/** Sets the menu bar: hidden until Alt is pressed on Linux and Windows, but its shortcuts work. */
export function setAppMenu(openScore: () => void): void {
  const isMac = process.platform === 'darwin'
  const developer: MenuItemConstructorOptions[] = app.isPackaged
    ? []
    : [{ role: 'reload' }, { role: 'toggleDevTools' }, separator]
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? [macMenu] : []),
      {
        label: '&File',
        submenu: [
          { id: 'open_score', label: 'Open score…', accelerator: 'CmdOrCtrl+O', click: openScore },
          separator,
          { role: 'close' },
          ...(isMac ? [] : [{ role: 'quit', label: 'Quit', accelerator: 'Ctrl+Q' } as const]),
        ],
      },
      { role: 'editMenu' },
      {
        label: '&View',
        submenu: [
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
