import { useState } from 'react'
import type { LimitMode } from '../../../preload/contract.ts'
import { stationName } from '../../../preload/contract-words.ts'
import { Tooltip } from '../../components/tooltip.tsx'
import { useApp } from '../../state/app-context.ts'

interface LimitChoiceProps {
  readonly station: { readonly instrument: string; readonly model: string | null }
  readonly mode: LimitMode
  /** Something was chosen, and it is done. */
  readonly onDone?: () => void
}

const CHOICES = [
  { mode: 'now', label: 'Resume now', hint: 'Do not wait for the end of the limit: one sheet tries at once' },
  { mode: 'at_reset', label: 'At reset', hint: 'Go on by itself when the limit ends' },
  { mode: 'never', label: 'Never', hint: 'Do not go on by itself: wait until you say so' },
] as const

/** When sheets go on that wait for a limit; the one that holds is marked. */
export function LimitChoice({ station, mode, onDone }: LimitChoiceProps) {
  const { commands } = useApp()
  const [busy, setBusy] = useState(false)

  async function choose(chosen: LimitMode | 'now'): Promise<void> {
    if (busy || chosen === mode) return
    setBusy(true)
    await commands.setLimit(station, chosen)
    setBusy(false)
    onDone?.()
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a legend and a form
    <div
      role="group"
      aria-label={`When ${stationName(station.instrument, station.model)} goes on`}
      className="flex shrink-0 rounded-md border border-line bg-bg p-[2px]"
    >
      {CHOICES.map((choice) => (
        <Tooltip key={choice.mode} text={choice.hint}>
          <button
            type="button"
            aria-pressed={choice.mode === 'now' ? undefined : choice.mode === mode}
            aria-description={choice.hint}
            aria-disabled={busy || undefined}
            onClick={() => void choose(choice.mode)}
            className="h-[24px] rounded-[5px] px-2.5 font-medium text-dim whitespace-nowrap transition-colors hover:text-text aria-disabled:opacity-60 aria-pressed:bg-accent-soft aria-pressed:text-accent"
          >
            {choice.label}
          </button>
        </Tooltip>
      ))}
    </div>
  )
}
