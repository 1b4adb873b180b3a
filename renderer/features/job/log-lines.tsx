import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { LogWindow } from '../../../preload/contract.ts'
import { LineDetail } from './line-detail.tsx'
import { LogLine } from './log-line.tsx'
import type { Log } from './use-log.ts'
import type { LogHit } from './use-log-search.ts'

const ROW_HEIGHT = 19
const PADDING = 8
/** A browser's element is at most some 33 million px high: of a longer log a slice is laid out, which moves when its edge is reached. */
const MAX_ROWS = 1_500_000
/** So near (px) to the slice's edge it moves. */
const EDGE = 2000

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
  /** First line of the slice; null: the slice goes with the end of the log. */
  const [start, setStart] = useState<number | null>(null)
  /** Where the log has to be scrolled to (px) when its slice has moved. */
  const nextTop = useRef<number | null>(null)
  const rows = Math.min(window.totalLines, MAX_ROWS)
  const lastStart = window.totalLines - rows + 1
  const firstLine = following || start === null ? lastStart : Math.min(start, lastStart)

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

  // Whoever reads does not want the slice to go on with the end.
  useEffect(() => {
    setStart((held) => (following ? null : (held ?? lastStart)))
  }, [following, lastStart])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the slice has moved, and the view with it
  useLayoutEffect(() => {
    const element = scroller.current
    if (nextTop.current === null || !element) return
    element.scrollTop = nextTop.current
    lastTop.current = element.scrollTop
    nextTop.current = null
  }, [firstLine])

  /** Lays out the lines from half a slice above or below on; those in view stay there. */
  function moveSlice(by: 1 | -1): void {
    const first = Math.max(1, Math.min(firstLine + by * Math.floor(rows / 2), lastStart))
    if (first === firstLine || !scroller.current) return
    nextTop.current = scroller.current.scrollTop + (firstLine - first) * ROW_HEIGHT
    setStart(first)
  }

  useEffect(() => {
    if (hit === null || hit === shownHit.current) return
    setFollowing(false)
    // It was written since the window was read: that comes first.
    if (hit.line > window.totalLines) {
      show(hit.line, hit.line)
      return
    }
    if (hit.line < firstLine || hit.line >= firstLine + rows) {
      setStart(Math.max(1, Math.min(hit.line - Math.floor(rows / 2), lastStart)))
      return
    }
    shownHit.current = hit
    list.scrollToIndex(hit.line - firstLine, { align: 'center' })
  }, [hit, window.totalLines, firstLine, lastStart, rows, list, setFollowing, show])

  useEffect(() => {
    if (!following && first !== undefined && last !== undefined) show(firstLine + first, firstLine + last)
  }, [following, show, firstLine, first, last])

  function onScroll(): void {
    const element = scroller.current
    if (!element) return
    const below = element.scrollHeight - element.scrollTop - element.clientHeight
    const atEnd = below < ROW_HEIGHT && firstLine === lastStart
    const movedUp = element.scrollTop < lastTop.current
    const movedDown = element.scrollTop > lastTop.current
    lastTop.current = element.scrollTop
    if (movedUp && !atEnd) setFollowing(false)
    // A search that leads to the last lines does not want to be carried off by new ones.
    else if (movedDown && atEnd && hit === null) setFollowing(true)
    if (movedUp && element.scrollTop < EDGE) moveSlice(-1)
    else if (movedDown && below < EDGE) moveSlice(1)
  }

  function toBeginning(): void {
    setFollowing(false)
    setStart(1)
    if (firstLine !== 1) nextTop.current = 0
    else if (scroller.current) scroller.current.scrollTop = 0
  }

  /** Keys that scroll belong to the log while it has the focus, not to the list of sheets. */
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'End') setFollowing(true)
    else if (event.key === 'Home') toBeginning()
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

const SCROLL_KEYS = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', ' '])
