import dbus from 'dbus-next'
import { type NotificationInbox, startNotificationServer } from './notification-server.ts'
import { startTrayHost, type TrayHost } from './tray-host.ts'

/** The desktop's side of the session bus: where the app's tray icon and notifications arrive. */
export interface DesktopBus {
  readonly tray: TrayHost
  readonly notifications: NotificationInbox
  close(): void
}

/** Connects to the session bus and plays the desktop there. Start it before the app. */
export async function startDesktopBus(): Promise<DesktopBus> {
  if (!process.env.DBUS_SESSION_BUS_ADDRESS) {
    throw new Error('no session bus: run the desktop tests inside dbus-run-session')
  }
  const bus = dbus.sessionBus()
  const tray = await startTrayHost(bus)
  const notifications = await startNotificationServer(bus)
  return { tray, notifications, close: () => bus.disconnect() }
}
