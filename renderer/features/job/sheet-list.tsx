import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { JobSummary, SheetView } from '../../../preload/contract.ts'
import { SheetRow } from './sheet-row.tsx'

const ROW_HEIGHT = 54
const PADDING = 8

interface SheetListProps {
  readonly job: JobSummary
  /** Null while they are on their way. */
  readonly sheets: readonly SheetView[] | null
  readonly selected: number
  readonly onSelect: (sheet: number) => void
}

/** The sheets in order; choosing one shows its log. Only those in view are drawn: a score may have thousands. */
export function SheetList({ job, sheets, selected, onSelect }: SheetListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: sheets?.length ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    paddingStart: PADDING,
    paddingEnd: PADDING,
    scrollPaddingStart: PADDING,
    scrollPaddingEnd: PADDING,
  })
  const index = sheets?.findIndex((sheet) => sheet.number === selected) ?? -1

  useEffect(() => {
    if (index !== -1) list.scrollToIndex(index, { align: 'auto' })
  }, [list, index])

  return (
    <section aria-label="Sheets" className="flex min-h-0 min-w-0 flex-col border-line border-r">
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-[14px]">
        <ul className="relative" style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map((item) => {
            const sheet = sheets?.[item.index]
            return (
              sheet && (
                <SheetRow
                  key={sheet.number}
                  sheet={sheet}
                  running={job.running.find((attempt) => attempt.sheet === sheet.number)}
                  frozenSince={job.frozen?.since ?? null}
                  selected={sheet.number === selected}
                  top={item.start}
                  height={ROW_HEIGHT}
                  position={{ index: item.index, count: sheets.length }}
                  onSelect={onSelect}
                />
              )
            )
          })}
        </ul>
      </div>
    </section>
  )
}
