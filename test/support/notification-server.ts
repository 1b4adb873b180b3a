import dbus, { type MessageBus } from 'dbus-next'
import { own } from './bus-calls.ts'
import { until } from './wait.ts'

interface ReceivedNotification {
  readonly id: number
  readonly title: string
  readonly body: string
  /** Pairs of key and label; the key `default` stands for a click on the notification itself. */
  readonly actions: readonly string[]
}

export interface NotificationInbox {
  /** In the order they came; those the app closed stay listed. */
  readonly received: readonly ReceivedNotification[]
  /** The first notification, past or coming, that `matches` accepts. */
  waitFor(what: string, matches: (notification: ReceivedNotification) => boolean): Promise<ReceivedNotification>
  /** What a click on the notification does. */
  click(id: number): void
  /** Forgets what came, so that one test does not see another's. */
  clear(): void
}

const NOTIFICATIONS = 'org.freedesktop.Notifications'

class NotificationServer extends dbus.interface.Interface {
  received: ReceivedNotification[] = []
  #lastId = 0

  Notify(_app: string, replaces: number, _icon: string, title: string, body: string, actions: string[]): number {
    const id = replaces > 0 ? replaces : ++this.#lastId
    this.received.push({ id, title, body, actions })
    return id
  }
  GetCapabilities(): string[] {
    return ['body', 'actions']
  }
  GetServerInformation(): string[] {
    return ['test-desktop', 'fermata', '1', '1.2']
  }
  CloseNotification(id: number): void {
    this.NotificationClosed(id)
  }
  ActionInvoked(id: number, action: string): unknown[] {
    return [id, action]
  }
  /** 3: closed by the app. */
  NotificationClosed(id: number): number[] {
    return [id, 3]
  }
}

NotificationServer.configureMembers({
  methods: {
    Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
    GetCapabilities: { inSignature: '', outSignature: 'as' },
    GetServerInformation: { inSignature: '', outSignature: 'ssss' },
    CloseNotification: { inSignature: 'u' },
  },
  signals: { ActionInvoked: { signature: 'us' }, NotificationClosed: { signature: 'uu' } },
})

/** Plays the desktop's notification server on the bus. */
export async function startNotificationServer(bus: MessageBus): Promise<NotificationInbox> {
  const server = new NotificationServer(NOTIFICATIONS)
  bus.export('/org/freedesktop/Notifications', server)
  await own(bus, NOTIFICATIONS)
  return {
    get received() {
      return server.received
    },
    waitFor: (what, matches) => until(`a notification: ${what}`, () => server.received.find(matches)),
    click: (id) => server.ActionInvoked(id, 'default'),
    clear: () => {
      server.received = []
    },
  }
}
