import dbus, { type MessageBus } from 'dbus-next'

/** Takes a name on the bus, or fails when somebody else has it. */
export async function own(bus: MessageBus, name: string): Promise<void> {
  const reply = await bus.requestName(name, dbus.NameFlag.DO_NOT_QUEUE)
  if (reply !== dbus.RequestNameReply.PRIMARY_OWNER) {
    throw new Error(`${name} is taken on this session bus: run the desktop tests inside dbus-run-session`)
  }
}

/** Calls a method and gives its answer's arguments. */
export async function call(
  bus: MessageBus,
  destination: string,
  path: string,
  iface: string,
  member: string,
  signature: string,
  body: readonly unknown[],
): Promise<readonly unknown[]> {
  const reply = await bus.call(new dbus.Message({ destination, path, interface: iface, member, signature, body: [...body] }))
  return reply?.body ?? []
}
