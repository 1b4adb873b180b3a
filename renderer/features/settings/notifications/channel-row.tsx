import { Pencil, X } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../../../app/bridge.ts'
import { Button } from '../../../components/button.tsx'
import { StatusDot } from '../../../components/status-dot.tsx'
import { TEXT } from '../../../components/tones.ts'
import { formatClock } from '../../../lib/format.ts'
import { useApp } from '../../../state/app-context.ts'
import { type Channel, eventsText, type Health, KINDS, placeText, STATE } from './words.ts'

interface ChannelRowProps {
  /** Null: it is of a score, and only its deliveries are known. */
  readonly channel: Channel | null
  readonly health: Health | null
  readonly onTested: () => void
  readonly onEdit?: () => void
  readonly onRemove?: () => void
}

/** A channel: where it leads, what it tells, whether that arrives; and a way to try it out. */
export function ChannelRow({ channel, health, onTested, onEdit, onRemove }: ChannelRowProps) {
  const { bridge } = useApp()
  const [testing, setTesting] = useState(false)
  const [said, setSaid] = useState<string | null>(null)
  const kind = channel?.kind ?? health?.kind
  const name = channel?.id ?? health?.name ?? ''
  const { word, role } = STATE[health?.state ?? 'unused']
  const why = health?.state === 'unusable' ? health.problem : health?.state === 'failing' ? health.lastFailure?.message : null

  async function test(id: string): Promise<void> {
    setTesting(true)
    setSaid(null)
    const answer = await ask(bridge, 'notifications.test', { channel: id })
    setTesting(false)
    onTested()
    if (!answer.ok) setSaid([answer.problem.message, answer.problem.remedy].filter(Boolean).join(' '))
    else setSaid(answer.value.state === 'ready' ? 'The test was delivered.' : null)
  }

  return (
    <li data-channel={name} className="flex items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1 select-text">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="font-semibold">{name}</span>
          <span className="text-dim text-sm">{KINDS.find(({ value }) => value === kind)?.title}</span>
          <span className={`flex items-center gap-1.5 font-medium text-sm ${TEXT[role]}`}>
            <StatusDot role={role} />
            {word}
          </span>
          {health?.lastDeliveredAt && (
            <span className="text-faint text-xs">last arrived {formatClock(health.lastDeliveredAt, Date.now())}</span>
          )}
        </p>
        {channel && (
          <p className="truncate text-dim text-sm">
            {channel.kind !== 'desktop' && `${placeText(channel)} · `}
            {eventsText(channel.events)}
          </p>
        )}
        {why && <p className="text-fail text-sm break-words">{why}</p>}
        <p role="status" className="text-dim text-sm break-words">
          {said}
        </p>
      </div>
      {channel && onEdit && onRemove && (
        <div className="flex shrink-0 items-center gap-1">
          <Button
            label={testing ? 'Sending…' : 'Send a test'}
            busy={testing}
            hint={`Sends a message to ${name}`}
            onPress={() => void test(channel.id)}
          />
          <Button kind="quiet" icon={Pencil} iconOnly label={`Change ${name}…`} onPress={onEdit} />
          <Button kind="quiet" icon={X} iconOnly label={`Remove ${name}…`} onPress={onRemove} />
        </div>
      )}
    </li>
  )
}
