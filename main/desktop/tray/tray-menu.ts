import type { MenuItemConstructorOptions } from 'electron'
import type { TrayCommand, TrayItem } from './tray-model.ts'

/** In a menu label an ampersand marks a shortcut; two are one to see. */
const literal = (label: string): string => label.replaceAll('&', '&&')

function menuItem(item: TrayItem, run: (command: TrayCommand) => void): MenuItemConstructorOptions {
  if (item.kind === 'separator') return { id: item.id, type: 'separator' }
  const { id, label } = { id: item.id, label: literal(item.label) }
  switch (item.kind) {
    case 'note':
      return { id, label, enabled: false }
    case 'menu':
      return { id, label, enabled: item.enabled, submenu: menuTemplate(item.items, run) }
    case 'command':
      return {
        ...{ id, label, enabled: item.enabled, click: () => run(item.command) },
        ...(item.checked === undefined ? {} : { type: 'checkbox', checked: item.checked }),
      }
  }
}

/** The items of the model as Electron wants them. */
export const menuTemplate = (items: readonly TrayItem[], run: (command: TrayCommand) => void): MenuItemConstructorOptions[] =>
  items.map((item) => menuItem(item, run))
