import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { LogWindow } from '../../../preload/contract.ts'
import { LineDetail } from './line-detail.tsx'
import { LogLine } from './log-line.tsx'
import type { Log } from './use-log.ts'
import type { LogHit } from './use-log-search.ts'

const ROW_HEIGHT = 19
const PADDING = 8
/** A browser's element is at most some 33 million px high; of a longer log the newest lines can be reached. */
const MAX_ROWS = 1_500_000

interface LogLinesProps {
  readonly log: Log
  readonly window: LogWindow
  readonly raw: boolean
  /** The place a search has found. */
  readonly hit: LogHit | null
}

/** The lines in view. Scrolling up stops the following; the end, however reached, starts it again. */
export function LogLines({ log, window, raw, hit }: LogLinesProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const lastTop = useRef(0)
  const shownHit = useRef<LogHit | null>(null)
  const [opened, setOpened] = useState<{ number: number; text: string } | null>(null)
  const { following, setFollowing, show } = log
  const rows = Math.min(window.totalLines, MAX_ROWS)
  const firstLine = window.totalLines - rows + 1

  const list = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    paddingStart: PADDING,
    paddingEnd: PADDING,
    overscan: 24,
  })
  const items = list.getVirtualItems()
  const first = items[0]?.index
  const last = items.at(-1)?.index
  const height = list.scrollRect?.height

  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines and a new height both move the end
  useLayoutEffect(() => {
    const element = scroller.current
    if (!following || !element) return
    element.scrollTop = element.scrollHeight
    lastTop.current = element.scrollTop
  }, [following, rows, height])

  useEffect(() => {
    if (hit === null || hit === shownHit.current) return
    setFollowing(false)
    // It was written since the window was read: that comes first.
    if (hit.line > window.totalLines) {
      show(hit.line, hit.line)
      return
    }
    shownHit.current = hit
    list.scrollToIndex(Math.max(0, hit.line - firstLine), { align: 'center' })
  }, [hit, window.totalLines, firstLine, list, setFollowing, show])

  useEffect(() => {
    if (!following && first !== undefined && last !== undefined) show(firstLine + first, firstLine + last)
  }, [following, show, firstLine, first, last])

  function onScroll(): void {
    const element = scroller.current
    if (!element) return
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < ROW_HEIGHT
    const movedUp = element.scrollTop < lastTop.current
    const movedDown = element.scrollTop > lastTop.current
    lastTop.current = element.scrollTop
    if (movedUp && !atEnd) setFollowing(false)
    // A search that leads to the last lines does not want to be carried off by new ones.
    else if (movedDown && atEnd && hit === null) setFollowing(true)
  }

  /** Keys that scroll belong to the log while it has the focus, not to the list of sheets. */
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'End') setFollowing(true)
    else if (event.key === 'Escape' && opened) setOpened(null)
    else if (!SCROLL_KEYS.has(event.key)) return
    event.stopPropagation()
  }

  return (
    <>
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label="Lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto font-mono text-sm leading-[19px] focus-visible:-outline-offset-2"
      >
        <div className="relative" style={{ height: list.getTotalSize() }}>
          {items.map((item) => {
            const number = firstLine + item.index
            const text = window.lines[number - window.from]
            return (
              <LogLine
                key={number}
                number={number}
                text={text}
                raw={raw}
                top={item.start}
                digits={String(window.totalLines).length}
                opened={opened?.number === number}
                found={hit?.line === number}
                onOpen={setOpened}
              />
            )
          })}
        </div>
      </div>
      {opened && <LineDetail number={opened.number} text={opened.text} raw={raw} onClose={() => setOpened(null)} />}
    </>
  )
}

const SCROLL_KEYS = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', ' '])
