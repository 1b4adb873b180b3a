import { Check, ChevronDown, type LucideIcon } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'

const GAP = 4

export interface MenuItem {
  readonly label: string
  /** What holds now, of several that exclude each other; undefined for what is simply done. */
  readonly checked?: boolean
  run(): void
}

interface MenuButtonProps {
  readonly label: string
  readonly icon?: LucideIcon
  /** Class of the label's colour. */
  readonly tone: string
  readonly items: readonly MenuItem[]
}

/** A word that opens a few choices. */
export function MenuButton({ label, icon: Icon, tone, items }: MenuButtonProps) {
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)

  function close(): void {
    setOpen(false)
    button.current?.focus()
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen((was) => !was)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          setOpen(true)
        }}
        className={`inline-flex max-w-full items-center gap-1 rounded-md border border-line bg-card px-1.5 font-medium text-sm leading-[20px] tabular-nums shadow-lift transition-colors hover:border-line-strong ${tone}`}
      >
        {Icon && <Icon size={12} className="shrink-0" aria-hidden="true" />}
        <span className="truncate">{label}</span>
        <ChevronDown size={12} className="shrink-0 text-dim" aria-hidden="true" />
      </button>
      {open && <Menu anchor={button} items={items} onClose={close} onLeave={() => setOpen(false)} />}
    </>
  )
}

interface MenuProps {
  readonly anchor: { readonly current: HTMLButtonElement | null }
  readonly items: readonly MenuItem[]
  /** The focus goes back to the button. */
  readonly onClose: () => void
  /** The focus is elsewhere already. */
  readonly onLeave: () => void
}

function Menu({ anchor, items, onClose, onLeave }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null)
  const leave = useRef(onLeave)
  leave.current = onLeave

  useLayoutEffect(() => {
    const own = menu.current
    const place = anchor.current?.getBoundingClientRect()
    if (!own || !place) return
    const { width, height } = own.getBoundingClientRect()
    const below = place.bottom + GAP
    own.style.left = `${Math.max(6, Math.min(place.left, window.innerWidth - width - 6))}px`
    own.style.top = `${below + height < window.innerHeight ? below : place.top - GAP - height}px`
    const first = own.querySelector<HTMLElement>('[aria-checked=true]') ?? own.querySelector<HTMLElement>('[role]')
    first?.focus()
  }, [anchor])

  useEffect(() => {
    const away = (event: Event) => {
      const { target } = event
      if (target instanceof Node && (menu.current?.contains(target) || anchor.current?.contains(target))) return
      leave.current()
    }
    document.addEventListener('pointerdown', away)
    document.addEventListener('scroll', away, true)
    window.addEventListener('resize', away)
    return () => {
      document.removeEventListener('pointerdown', away)
      document.removeEventListener('scroll', away, true)
      window.removeEventListener('resize', away)
    }
  }, [anchor])

  function onKeyDown(event: KeyboardEvent): void {
    // A key in a menu is the menu's: it must not pause a job behind it.
    event.stopPropagation()
    if (event.key === 'Escape') {
      event.preventDefault()
      onClose()
      return
    }
    if (event.key === 'Tab') {
      onClose()
      return
    }
    const choices: readonly (Element | null)[] = [...(menu.current?.querySelectorAll('[role^=menuitem]') ?? [])]
    const at = choices.indexOf(document.activeElement)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    const choice = choices.at(next % choices.length)
    if (choice instanceof HTMLElement) choice.focus()
  }

  return createPortal(
    <div
      ref={menu}
      role="menu"
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className="fixed z-40 min-w-[180px] rounded-lg bg-card p-1 text-text shadow-float"
    >
      {items.map(({ label, checked, run }) => (
        <button
          key={label}
          type="button"
          {...(checked === undefined ? { role: 'menuitem' } : { role: 'menuitemradio', 'aria-checked': checked })}
          tabIndex={-1}
          onClick={() => {
            onClose()
            run()
          }}
          className="flex h-7 w-full items-center gap-2 rounded-md pr-3 pl-2 text-left whitespace-nowrap hover:bg-hover focus:bg-hover focus:outline-none"
        >
          <Check size={13} className={checked ? 'text-accent' : 'invisible'} aria-hidden="true" />
          {label}
        </button>
      ))}
    </div>,
    document.body,
  )
}
