import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'

const DELAY = 450
const GAP = 7

interface TooltipProps {
  readonly text: string
  /** Keys that do the same, as people read them: `P`, `Ctrl O`. */
  readonly keys?: string | undefined
  readonly side?: 'below' | 'right'
  readonly children: ReactNode
}

/** Says what a control is and which key does the same. Repeats the control's name, so it is hidden from assistive technology. */
export function Tooltip({ text, keys, side = 'below', children }: TooltipProps) {
  const anchor = useRef<HTMLSpanElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const [open, setOpen] = useState(false)

  function show(delay: number): void {
    hide()
    timer.current = setTimeout(() => setOpen(true), delay)
  }
  function hide(): void {
    if (timer.current) clearTimeout(timer.current)
    timer.current = null
    setOpen(false)
  }
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current)
    },
    [],
  )

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches; the control inside is what acts
    <span
      ref={anchor}
      className="contents"
      onPointerEnter={() => show(DELAY)}
      onPointerLeave={hide}
      onPointerDown={hide}
      onFocus={(event) => event.target.matches(':focus-visible') && show(DELAY)}
      onBlur={hide}
    >
      {children}
      {open && <Bubble anchor={anchor.current} text={text} keys={keys} side={side} />}
    </span>
  )
}

interface BubbleProps {
  readonly anchor: HTMLElement | null
  readonly text: string
  readonly keys: string | undefined
  readonly side: 'below' | 'right'
}

function Bubble({ anchor, text, keys, side }: BubbleProps) {
  const bubble = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    const target = anchor?.firstElementChild?.getBoundingClientRect()
    const own = bubble.current
    if (!target || !own) return
    const { width, height } = own.getBoundingClientRect()
    const below = target.bottom + GAP + height < window.innerHeight ? target.bottom + GAP : target.top - GAP - height
    const left = side === 'right' ? target.right + GAP : target.left + target.width / 2 - width / 2
    own.style.left = `${Math.max(6, Math.min(left, window.innerWidth - width - 6))}px`
    own.style.top = `${side === 'right' ? target.top + target.height / 2 - height / 2 : below}px`
  }, [anchor, side])

  return createPortal(
    <div
      ref={bubble}
      aria-hidden="true"
      className="pointer-events-none fixed z-50 flex items-center gap-2 rounded-md bg-text px-2 py-1 text-bg text-sm whitespace-nowrap"
    >
      {text}
      {keys && <kbd className="font-sans text-xs opacity-75">{keys}</kbd>}
    </div>,
    document.body,
  )
}
