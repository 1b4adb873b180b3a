import { Clock, KeyRound } from 'lucide-react'
import type { LimitWait } from '../../../preload/contract.ts'
import { MenuButton, type MenuItem } from '../../components/menu-button.tsx'
import { waitWords } from '../../lib/limit.ts'
import { type App, useApp } from '../../state/app-context.ts'

interface WaitMenuProps {
  readonly wait: LimitWait
  /** Epoch ms. */
  readonly now: number
}

/** What keeps a job from its instrument, how long still, and what can be done about it, in a row of the list. */
export function WaitMenu({ wait, now }: WaitMenuProps) {
  const app = useApp()
  return (
    <MenuButton
      label={waitWords(wait, now)}
      icon={wait.cause === 'login' ? KeyRound : Clock}
      tone="text-wait"
      items={[...choicesOf(wait, app), { label: 'Show the instruments', run: app.store.showInstruments }]}
    />
  )
}

function choicesOf(wait: LimitWait, { commands }: App): readonly MenuItem[] {
  const { instrument, cause, mode } = wait
  const retry = () => void commands.retryInstrument(instrument)
  if (cause === 'login') return [{ label: 'I have logged in: try again', run: retry }]
  if (cause === 'rest') return [{ label: 'Try now', run: retry }]
  return [
    { label: 'Resume now', run: () => void commands.setLimit(wait, 'now') },
    { label: 'At reset', checked: mode === 'at_reset', run: () => void commands.setLimit(wait, 'at_reset') },
    { label: 'Never', checked: mode === 'never', run: () => void commands.setLimit(wait, 'never') },
  ]
}
