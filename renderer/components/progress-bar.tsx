import type { SheetStatus } from '../../preload/contract.ts'
import { faceOfSheet, type Role } from '../lib/status.ts'
import { FILL } from './tones.ts'

interface Segment {
  readonly role: Role
  readonly sheets: number
  /** Number of the first sheet in it. */
  readonly first: number
}

/** Up to here each sheet is its own segment; beyond it neighbours of one kind melt together, or the gaps would be all there is. */
const SEPARATE = 24

interface ProgressBarProps {
  readonly statuses: readonly SheetStatus[]
  readonly label: string
  /** What would run stands still. */
  readonly frozen: boolean
}

/** The job in one line: its sheets in order, coloured by status. */
export function ProgressBar({ statuses, label, frozen }: ProgressBarProps) {
  const done = statuses.filter((status) => status === 'completed' || status === 'skipped').length
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={statuses.length}
      aria-valuenow={done}
      className={`flex h-[5px] overflow-hidden rounded-full ${statuses.length <= SEPARATE ? 'gap-[2px]' : ''}`}
    >
      {segmentsOf(statuses).map(({ role, sheets, first }) => (
        <span
          key={first}
          className={`h-full min-w-px transition-colors ${FILL[frozen && role === 'run' ? 'pause' : role]}`}
          style={{ flexGrow: sheets, flexBasis: 0 }}
        />
      ))}
    </div>
  )
}

/** One segment per sheet while there are few, else one per run of neighbours that look alike. */
export function segmentsOf(statuses: readonly SheetStatus[]): readonly Segment[] {
  const segments: Segment[] = []
  for (const [index, status] of statuses.entries()) {
    const { role } = faceOfSheet(status)
    const last = segments.at(-1)
    if (last && last.role === role && statuses.length > SEPARATE)
      segments[segments.length - 1] = { ...last, sheets: last.sheets + 1 }
    else segments.push({ role, sheets: 1, first: index + 1 })
  }
  return segments
}
