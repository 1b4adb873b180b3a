interface SwitchProps {
  readonly id: string
  readonly describedBy: string
  readonly on: boolean
  readonly onPress: () => void
}

export function Switch({ id, describedBy, on, onPress }: SwitchProps) {
  return (
    <button
      id={id}
      type="button"
      role="switch"
      aria-checked={on}
      aria-describedby={describedBy}
      onClick={onPress}
      className="group flex h-[22px] w-[38px] items-center rounded-full border border-line-strong bg-track px-[2px] transition-colors aria-checked:border-accent aria-checked:bg-accent"
    >
      <span className="size-4 rounded-full bg-dim transition-[translate] group-aria-checked:translate-x-4 group-aria-checked:bg-on-accent" />
    </button>
  )
}
