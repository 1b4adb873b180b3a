import type { Role } from '../lib/status.ts'
import { FILL } from './tones.ts'

interface MeterBarProps {
  readonly label: string
  /** In words, with units: `82 k of 100 k tokens`. */
  readonly text: string
  /** Of 1; more than that fills the bar. */
  readonly share: number
  readonly role: Role
  /** Percent at which its user is told. */
  readonly mark?: number
}

/** How much of a limit is used, with a mark where its user is told. */
export function MeterBar({ label, text, share, role, mark }: MeterBarProps) {
  const percent = Math.min(100, Math.max(0, 100 * share))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <meter> cannot carry the mark
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      aria-valuetext={text}
      className="relative h-[5px] rounded-full bg-track"
    >
      <span className={`block h-full rounded-full transition-[width] ${FILL[role]}`} style={{ width: `${percent}%` }} />
      {mark !== undefined && mark < 100 && (
        <span aria-hidden="true" className="absolute -top-[2px] h-[9px] w-[1.5px] bg-dim" style={{ left: `${mark}%` }} />
      )}
    </div>
  )
}
