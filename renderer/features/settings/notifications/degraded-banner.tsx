import { BellOff } from 'lucide-react'
import { Button } from '../../../components/button.tsx'
import { formatClock } from '../../../lib/format.ts'
import { useApp, useAppState } from '../../../state/app-context.ts'
import { useRefreshed } from '../../../state/use-refreshed.ts'

/** At most so often it is asked anew while jobs run, in ms. */
const EVERY_MS = 15_000

/** Notifications that do not arrive are told here, wherever their user is. */
export function DegradedBanner() {
  const { store } = useApp()
  const { value } = useRefreshed('notifications.readiness', () => null, EVERY_MS)
  const inSettings = useAppState(({ view }) => view.name === 'settings')
  // The settings say the same, with what can be done about it.
  if (!value?.degraded || inSettings) return null
  return (
    <div role="status" className="flex items-center gap-3 border-line border-b bg-wait/8 px-[22px] py-1.5 text-wait">
      <BellOff size={15} className="shrink-0" aria-hidden="true" />
      <p className="min-w-0 flex-1 font-medium">
        Notifications do not arrive{value.since !== null && ` since ${formatClock(value.since, Date.now())}`}. Jobs go on; you are
        not told of them.
      </p>
      <Button label="See why" onPress={store.showSettings} />
    </div>
  )
}
