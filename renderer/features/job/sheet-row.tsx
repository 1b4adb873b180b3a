import type { SheetView } from '../../../preload/contract.ts'
import { StatusDot } from '../../components/status-dot.tsx'
import { TEXT } from '../../components/tones.ts'
import { overdueText } from '../../lib/forecast.ts'
import { formatAge, formatDuration, formatTokens, freshTokens } from '../../lib/format.ts'
import { stallOf } from '../../lib/liveness.ts'
import { type Attempt, faceOfSheet, isLively, isSheetRunning } from '../../lib/status.ts'
import { useNow } from '../../state/clock.ts'

interface SheetRowProps {
  readonly sheet: SheetView
  readonly running: Attempt | undefined
  /** Since when its job is frozen (epoch ms). */
  readonly frozenSince: number | null
  readonly selected: boolean
  /** Offset from the list's top, px. */
  readonly top: number
  /** Px. */
  readonly height: number
  readonly position: { readonly index: number; readonly count: number }
  readonly onSelect: (sheet: number) => void
}

export function SheetRow({ sheet, running, frozenSince, selected, top, height, position, onSelect }: SheetRowProps) {
  const now = useNow(isSheetRunning(sheet.status) || sheet.wakeAt !== null)
  const { word, role } = faceOfSheet(sheet.status, running)
  const live = running !== undefined && frozenSince === null && isLively(running, now)
  return (
    <li
      data-sheet={sheet.number}
      data-status={sheet.status}
      aria-setsize={position.count}
      aria-posinset={position.index + 1}
      className="absolute inset-x-0 py-px"
      style={{ height, transform: `translateY(${top}px)` }}
    >
      <button
        type="button"
        aria-current={selected || undefined}
        onClick={() => onSelect(sheet.number)}
        className={`grid size-full grid-cols-[18px_minmax(0,1fr)] content-center items-center gap-x-3 rounded-lg px-2 text-left transition-colors ${selected ? 'bg-accent-soft' : 'hover:bg-hover'}`}
      >
        <span className="justify-self-center">
          <StatusDot role={role} live={live} />
        </span>
        <span className="flex min-w-0 items-baseline justify-between gap-3">
          <span className="truncate font-semibold">
            Sheet {sheet.number}
            <span className="font-normal text-dim">{nameOf(sheet)}</span>
          </span>
          <span className={`shrink-0 font-medium text-sm ${TEXT[role]}`}>{word}</span>
        </span>
        <span className="col-start-2 flex min-w-0 items-baseline justify-between gap-3 text-dim text-sm tabular-nums">
          <Details sheet={sheet} running={running} frozenSince={frozenSince} now={now} />
        </span>
      </button>
    </li>
  )
}

interface DetailsProps extends Pick<SheetRowProps, 'sheet' | 'running' | 'frozenSince'> {
  readonly now: number
}

function Details({ sheet, running, frozenSince, now }: DetailsProps) {
  if (sheet.startedAt === null) return <span className="truncate text-faint">{sheet.reason ?? itemsOf(sheet)}</span>
  const { validation, error } = sheet
  const tokens = freshTokens(sheet.usage)
  const stall = running && frozenSince === null ? stallOf(running, now) : null
  // A clock that stands still does not tick.
  const stands = running?.phase === 'frozen' && frozenSince !== null
  const overdue =
    running?.phase === 'running' && frozenSince === null ? overdueText(running.usualMs, now - running.startedAt) : null
  const facts = [
    sheet.wakeAt !== null && sheet.wakeAt > now && `again in ${formatDuration(sheet.wakeAt - now)}`,
    sheet.attempts > 1 && `attempt ${sheet.attempts}`,
    validation && `${validation.passed}/${validation.total} checks`,
  ].filter(Boolean)
  return (
    <>
      {error !== null && sheet.status === 'failed' ? (
        <span className="truncate text-fail">{error.message}</span>
      ) : stall ? (
        <span className="truncate font-medium text-wait">No output for {formatAge(stall.silentMs)}</span>
      ) : overdue ? (
        <span className="truncate font-medium text-wait">{overdue}</span>
      ) : (
        <span className="truncate">{facts.join(' · ')}</span>
      )}
      <span className="shrink-0">
        {tokens > 0 && <span className="hidden wide:inline">{formatTokens(tokens)} · </span>}
        {stands ? `still for ${formatAge(now - frozenSince)}` : formatDuration((sheet.completedAt ?? now) - sheet.startedAt)}
      </span>
    </>
  )
}

/** What the score calls it, and which of its movement's copies it is. */
function nameOf({ description, movementName, voice, voices }: SheetView): string {
  const copy = voices > 1 ? `${voice}/${voices}` : null
  const name = description ?? [movementName ?? (copy && 'voice'), copy].filter(Boolean).join(' ')
  return name ? ` · ${name}` : ''
}

function itemsOf({ startItem, endItem }: SheetView): string {
  return startItem === endItem ? `item ${startItem}` : `items ${startItem}–${endItem}`
}
