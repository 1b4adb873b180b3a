import type { LucideIcon } from 'lucide-react'
import type { Ref } from 'react'
import { Tooltip } from './tooltip.tsx'

interface ButtonProps {
  readonly label: string
  readonly onPress: () => void
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet' | undefined
  readonly icon?: LucideIcon
  /** Shows the icon alone; the label is the accessible name and the tooltip. */
  readonly iconOnly?: boolean
  /** Keys that do the same, as people read them. */
  readonly keys?: string | undefined
  readonly pressed?: boolean
  /** What it does, in more words than its name; in the tooltip. */
  readonly hint?: string | undefined
  /** What it does is under way, or not possible now: pressing it does nothing. It keeps the keyboard's focus. */
  readonly busy?: boolean | undefined
  /** Id of what the button acts on, when its name alone does not tell. */
  readonly describedBy?: string
  readonly autoFocus?: boolean
  readonly ref?: Ref<HTMLButtonElement>
}

const KINDS = {
  plain: 'border-line bg-card text-text shadow-lift hover:border-line-strong',
  primary: 'border-accent bg-accent text-on-accent hover:brightness-110',
  danger: 'border-line bg-card text-fail shadow-lift hover:border-fail',
  quiet: 'border-transparent text-dim hover:bg-hover hover:text-text aria-[pressed=true]:text-accent',
} as const

export function Button(props: ButtonProps) {
  const {
    label,
    onPress,
    kind = 'plain',
    icon: Icon,
    iconOnly = false,
    keys,
    pressed,
    hint,
    busy,
    describedBy,
    autoFocus,
    ref,
  } = props
  const button = (
    <button
      ref={ref}
      type="button"
      aria-label={iconOnly ? label : undefined}
      aria-pressed={pressed}
      aria-describedby={describedBy}
      aria-description={hint}
      aria-disabled={busy || undefined}
      data-autofocus={autoFocus || undefined}
      onClick={busy ? undefined : onPress}
      className={`inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap transition-[filter,border-color,background-color,color] active:brightness-95 aria-disabled:opacity-60 ${iconOnly ? 'size-7' : 'h-[30px] px-3'} ${KINDS[kind]}`}
    >
      {Icon && <Icon size={14} strokeWidth={2} aria-hidden="true" />}
      {!iconOnly && label}
    </button>
  )
  return iconOnly || keys || hint ? (
    <Tooltip text={hint ?? label} keys={keys}>
      {button}
    </Tooltip>
  ) : (
    button
  )
}
