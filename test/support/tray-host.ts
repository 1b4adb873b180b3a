import dbus, { type Message, type MessageBus } from 'dbus-next'
import { call, own } from './bus-calls.ts'
import { until } from './wait.ts'

/** One line of the tray's menu, as a desktop would draw it. Separators are left out. */
interface TrayMenuItem {
  readonly id: number
  readonly label: string
  readonly enabled: boolean
  readonly children: readonly TrayMenuItem[]
}

interface TrayIcon {
  readonly width: number
  readonly height: number
  /** Four bytes for each pixel: alpha, red, green, blue. */
  readonly argb: Buffer
}

interface TrayView {
  readonly status: string
  readonly tooltip: string
  readonly icons: readonly TrayIcon[]
}

/** The tray of the app that put its item there last. */
export interface TrayHost {
  read(): Promise<TrayView>
  menu(): Promise<readonly TrayMenuItem[]>
  /** Finds an item by the starts of the labels on the way to it; null when there is none. */
  find(...path: readonly string[]): Promise<TrayMenuItem | null>
  /** Waits until the item is there and enabled, and clicks it. */
  click(...path: readonly string[]): Promise<void>
}

const WATCHER = 'org.kde.StatusNotifierWatcher'
const ITEM = 'org.kde.StatusNotifierItem'
const MENU = 'com.canonical.dbusmenu'

class Watcher extends dbus.interface.Interface {
  readonly items: string[] = []

  RegisterStatusNotifierItem(service: string): void {
    this.items.push(service)
    this.StatusNotifierItemRegistered(service)
  }
  RegisterStatusNotifierHost(): void {}
  get RegisteredStatusNotifierItems(): string[] {
    return this.items
  }
  get IsStatusNotifierHostRegistered(): boolean {
    return true
  }
  get ProtocolVersion(): number {
    return 0
  }
  StatusNotifierItemRegistered(service: string): string {
    return service
  }
  forget(service: string): void {
    this.items.splice(0, this.items.length, ...this.items.filter((item) => item !== service))
  }
}

Watcher.configureMembers({
  methods: { RegisterStatusNotifierItem: { inSignature: 's' }, RegisterStatusNotifierHost: { inSignature: 's' } },
  properties: {
    RegisteredStatusNotifierItems: { signature: 'as', access: 'read' },
    IsStatusNotifierHostRegistered: { signature: 'b', access: 'read' },
    ProtocolVersion: { signature: 'i', access: 'read' },
  },
  signals: { StatusNotifierItemRegistered: { signature: 's' } },
})

/** Plays the desktop's tray on the bus. Must run before the app starts: an app asks for a tray only once. */
export async function startTrayHost(bus: MessageBus): Promise<TrayHost> {
  const watcher = new Watcher(WATCHER)
  bus.export('/StatusNotifierWatcher', watcher)
  await own(bus, WATCHER)
  bus.on('message', (message: Message) => {
    if (message.member !== 'NameOwnerChanged') return
    const [name, , owner] = message.body as [string, string, string]
    if (owner === '') watcher.forget(name)
  })
  await call(bus, 'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'AddMatch', 's', [
    "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'",
  ])

  // Electron's item answers no introspection, so proxies do not work: plain method calls.
  const properties = async (): Promise<{ service: string; values: Record<string, { value: unknown }> }> => {
    const service = await until('an item in the tray', () => watcher.items.at(-1))
    const [values] = await call(bus, service, '/StatusNotifierItem', 'org.freedesktop.DBus.Properties', 'GetAll', 's', [ITEM])
    return { service, values: values as Record<string, { value: unknown }> }
  }
  const layout = async () => {
    const { service, values } = await properties()
    const path = String(values.Menu?.value)
    const [, root] = await call(bus, service, path, MENU, 'GetLayout', 'iias', [0, -1, []])
    return { service, path, items: itemsOf(root as LayoutNode) }
  }

  return {
    async read() {
      const { values } = await properties()
      const pixmaps = (values.IconPixmap?.value ?? []) as [number, number, Buffer][]
      const [, , tooltip] = (values.ToolTip?.value ?? []) as string[]
      return {
        status: String(values.Status?.value),
        tooltip: tooltip ?? '',
        icons: pixmaps.map(([width, height, argb]) => ({ width, height, argb })),
      }
    },
    menu: async () => (await layout()).items,
    find: async (...path) => pick((await layout()).items, path),
    async click(...path) {
      await until(`"${path.join(' > ')}" in the tray's menu, enabled`, async () => {
        const { service, path: menu, items } = await layout()
        const item = pick(items, path)
        if (!item?.enabled) return false
        await call(bus, service, menu, MENU, 'Event', 'isvu', [item.id, 'clicked', new dbus.Variant('s', ''), 0]).catch(quitting)
        return true
      })
    },
  }
}

/** An app that a click ends is gone before it answers. */
function quitting(error: unknown): void {
  if (!(error instanceof dbus.DBusError && error.type === 'org.freedesktop.DBus.Error.NoReply')) throw error
}

/** dbusmenu: id, properties, children. */
type LayoutNode = [number, Record<string, { value: unknown }>, { value: LayoutNode }[]]

function itemsOf([, , children]: LayoutNode): TrayMenuItem[] {
  return children
    .map(({ value }) => value)
    .filter(([, properties]) => properties.type?.value !== 'separator' && properties.visible?.value !== false)
    .map((node) => ({
      id: node[0],
      label: spoken(String(node[1].label?.value ?? '')),
      enabled: node[1].enabled?.value !== false,
      children: itemsOf(node),
    }))
}

/** dbusmenu marks access keys with an underscore and writes a real one twice. */
function spoken(label: string): string {
  return label.replace(/_(_?)/g, '$1')
}

function pick(items: readonly TrayMenuItem[], [first, ...rest]: readonly string[]): TrayMenuItem | null {
  const item = items.find(({ label }) => first !== undefined && label.startsWith(first))
  if (!item) return null
  return rest.length === 0 ? item : pick(item.children, rest)
}
