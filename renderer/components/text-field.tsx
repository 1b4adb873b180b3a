import { useId } from 'react'

interface TextFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: string | undefined
  /** What is wrong with it, in place of the hint. */
  readonly problem?: string | null
  readonly unit?: string
  readonly kind?: 'text' | 'number' | 'secret'
  /** More than one line can be typed. */
  readonly lines?: number
  readonly mono?: boolean
  readonly autoFocus?: boolean
  /** Enter in a field of one line. */
  readonly onEnter?: () => void
}

/** A field of a dialog, with its name above and what is to be known of it below. */
export function TextField(props: TextFieldProps) {
  const { label, value, onChange, hint, problem, unit, kind = 'text', lines, mono, autoFocus, onEnter } = props
  const id = useId()
  const shared = {
    id,
    value,
    autoComplete: 'off',
    spellCheck: false,
    'aria-invalid': problem ? true : undefined,
    'aria-describedby': `${id}-note`,
    'data-autofocus': autoFocus || undefined,
    className: `w-full rounded-md border border-line-strong bg-bg px-2.5 text-text select-text aria-invalid:border-fail ${mono ? 'font-mono text-sm' : ''} ${kind === 'number' ? 'text-right tabular-nums' : ''} ${lines ? 'py-1.5' : 'h-[30px]'}`,
  }
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block font-medium text-text text-sm">
        {label}
      </label>
      {lines ? (
        <textarea {...shared} rows={lines} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <span className="flex items-center gap-2">
          <input
            {...shared}
            type={kind === 'secret' ? 'password' : 'text'}
            inputMode={kind === 'number' ? 'decimal' : 'text'}
            onChange={(event) => onChange(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && onEnter?.()}
          />
          {unit && <span className="shrink-0 text-dim text-sm">{unit}</span>}
        </span>
      )}
      <p id={`${id}-note`} role={problem ? 'alert' : undefined} className={`mt-1 text-xs ${problem ? 'text-fail' : 'text-dim'}`}>
        {problem ?? hint}
      </p>
    </div>
  )
}
