import { useState } from 'react'
import type { Problem, Settings } from '../../../../preload/contract.ts'
import { Button } from '../../../components/button.tsx'
import { formatClock } from '../../../lib/format.ts'
import { useRefreshed } from '../../../state/use-refreshed.ts'
import { ChannelDialog } from './channel-dialog.tsx'
import { ChannelRow } from './channel-row.tsx'
import { RemoveDialog } from './remove-dialog.tsx'
import { Secrets } from './secrets.tsx'
import type { Channel } from './words.ts'

/** At most so often it is asked anew while jobs run, in ms. */
const EVERY_MS = 5000

interface NotificationsProps {
  readonly settings: Settings
  readonly change: (patch: Partial<Settings>) => Promise<Problem | null>
}

/** Who is told what happens, whether that arrives, and the secrets that takes. */
export function Notifications({ settings: { channels }, change }: NotificationsProps) {
  const readiness = useRefreshed('notifications.readiness', () => null, EVERY_MS)
  const secrets = useRefreshed('secrets.list', () => null, EVERY_MS)
  /** The channel in the dialog; `new`: none of those there are. */
  const [editing, setEditing] = useState<Channel | 'new' | null>(null)
  const [removing, setRemoving] = useState<Channel | null>(null)
  const health = readiness.value?.channels ?? []
  const ofScores = health.filter(({ name }) => !channels.some(({ id }) => id === name))

  async function keep(next: readonly Channel[]): Promise<Problem | null> {
    const problem = await change({ channels: [...next] })
    if (problem === null) readiness.reload()
    return problem
  }

  return (
    <section aria-label="Notifications" className="max-w-[760px]">
      <div className="flex min-h-[52px] items-end justify-between pb-2">
        <h2 tabIndex={-1} className="font-semibold text-faint text-xs">
          Notifications
        </h2>
        <Button label="Add a channel…" onPress={() => setEditing('new')} />
      </div>
      {readiness.value?.degraded && (
        <div role="alert" className="mb-3 rounded-lg border border-line bg-fail/8 px-4 py-2.5 text-sm">
          <p className="font-semibold text-fail">
            Notifications do not arrive
            {readiness.value.since !== null && ` since ${formatClock(readiness.value.since, Date.now())}`}
          </p>
          <p className="text-dim">
            Three or more in a row did not reach anybody; the channels below say why. Jobs go on. The next one that arrives ends
            this: send a test.
          </p>
        </div>
      )}
      {channels.length === 0 ? (
        <p className="rounded-lg border border-line bg-card px-4 py-5 text-center text-dim">
          Nobody is told anything, except by what scores ask for. Add a channel to hear when a job needs you.
        </p>
      ) : (
        <ul className="divide-y divide-line rounded-lg border border-line bg-card">
          {channels.map((channel) => (
            <ChannelRow
              key={channel.id}
              channel={channel}
              health={health.find(({ name }) => name === channel.id) ?? null}
              onTested={readiness.reload}
              onEdit={() => setEditing(channel)}
              onRemove={() => setRemoving(channel)}
            />
          ))}
        </ul>
      )}
      {ofScores.length > 0 && (
        <>
          <h3 className="pt-3 pb-2 font-medium text-dim text-sm">Channels of scores</h3>
          <ul className="divide-y divide-line rounded-lg border border-line bg-card">
            {ofScores.map((one) => (
              <ChannelRow key={one.name} channel={null} health={one} onTested={readiness.reload} />
            ))}
          </ul>
        </>
      )}
      <Secrets secrets={secrets.value} problem={secrets.problem} reload={secrets.reload} channels={channels} />
      {editing && (
        <ChannelDialog
          channel={editing === 'new' ? null : editing}
          others={channels.filter((one) => one !== editing)}
          secrets={secrets.value}
          onClose={() => setEditing(null)}
          onKeep={async (kept) => {
            const problem = await keep(
              editing === 'new' ? [...channels, kept] : channels.map((one) => (one.id === editing.id ? kept : one)),
            )
            if (problem === null) {
              setEditing(null)
              secrets.reload()
            }
            return problem
          }}
        />
      )}
      {removing && (
        <RemoveDialog
          title={`Remove the channel ${removing.id}?`}
          text="Nothing is sent there any more. Secrets it names stay."
          onClose={() => setRemoving(null)}
          onRemove={async () => {
            const problem = await keep(channels.filter(({ id }) => id !== removing.id))
            if (problem === null) setRemoving(null)
            return problem
          }}
        />
      )}
    </section>
  )
}
