import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { formatNumber, type NumberField, readNumber } from './fields.ts'

interface NumberInputProps {
  readonly id: string
  readonly describedBy: string
  readonly invalid: boolean
  readonly field: NumberField
  readonly value: number
  readonly onKeep: (value: number) => void
  /** What is wrong with what was typed; null when it was taken back. */
  readonly onProblem: (problem: string | null) => void
}

/**
 * A number with its unit, kept when Enter is pressed or the field is left, with the window too: half a number may mean that
 * logs are removed. Escape takes back what was typed.
 */
export function NumberInput({ id, describedBy, invalid, field, value, onKeep, onProblem }: NumberInputProps) {
  const [text, setText] = useState(formatNumber(value))
  const reverting = useRef(false)

  useEffect(() => setText(formatNumber(value)), [value])

  const leave = useRef(() => {})
  leave.current = () => {
    if (document.activeElement?.id === id) finish()
  }
  // Nothing tells the field that its window is closed, or its page replaced. Before the field is taken away: then it has the focus.
  useLayoutEffect(() => {
    const onLeave = () => leave.current()
    window.addEventListener('beforeunload', onLeave)
    return () => {
      window.removeEventListener('beforeunload', onLeave)
      onLeave()
    }
  }, [])

  function finish(): void {
    if (reverting.current) {
      reverting.current = false
      return
    }
    // Also what could not be typed, such as a value somebody wrote into the file.
    if (text === formatNumber(value)) {
      onProblem(null)
      return
    }
    const read = readNumber(text, field)
    if ('problem' in read) onProblem(read.problem)
    else {
      setText(formatNumber(read.value))
      onKeep(read.value)
    }
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.key === 'Enter') finish()
    if (event.key !== 'Escape') return
    event.preventDefault()
    reverting.current = true
    setText(formatNumber(value))
    onProblem(null)
    event.currentTarget.blur()
  }

  return (
    <>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={finish}
        onKeyDown={onKeyDown}
        className="h-[30px] w-[104px] rounded-md border border-line bg-bg px-2.5 text-right tabular-nums select-text hover:border-line-strong aria-invalid:border-fail"
      />
      <span className="w-[66px] text-dim">{field.unit}</span>
    </>
  )
}
