interface ChoiceProps<T extends string> {
  readonly id: string
  readonly describedBy: string
  readonly labelledBy: string
  readonly choices: readonly { readonly value: T; readonly title: string }[]
  readonly value: T
  readonly onChange: (value: T) => void
}

/** A few answers side by side, one of which holds. */
export function Choice<T extends string>({ id, describedBy, labelledBy, choices, value, onChange }: ChoiceProps<T>) {
  return (
    <div
      role="radiogroup"
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      className="flex rounded-md border border-line bg-bg p-[2px]"
    >
      {choices.map((choice) => (
        <label
          key={choice.value}
          className="relative flex h-[24px] cursor-default items-center rounded-[5px] px-2.5 font-medium text-dim whitespace-nowrap has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={id}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
            className="absolute opacity-0"
          />
          {choice.title}
        </label>
      ))}
    </div>
  )
}
