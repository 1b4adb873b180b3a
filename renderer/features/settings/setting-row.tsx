import { Check, RotateCcw } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import type { Problem, Settings } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { Choice } from './choice.tsx'
import { type Field, formatNumber } from './fields.ts'
import { NumberInput } from './number-input.tsx'
import { Switch } from './switch.tsx'

/** How long a change is seen to be kept (ms). */
const SAVED_MS = 2500

interface SettingRowProps {
  readonly field: Field
  readonly settings: Settings
  readonly change: (patch: Partial<Settings>) => Promise<Problem | null>
}

/** One setting: what it does, its value, what is wrong with a new one, and the way back to the usual one. */
export function SettingRow({ field, settings, change }: SettingRowProps) {
  const { key, title, help, usual } = field
  const id = useId()
  const [problem, setProblem] = useState<string | null>(null)
  /** Grows with every change that was kept. */
  const [saves, setSaves] = useState(0)
  const [shown, setShown] = useState(0)
  const value = settings[key]

  useEffect(() => {
    if (saves === 0) return
    const timer = setTimeout(() => setShown(saves), SAVED_MS)
    return () => clearTimeout(timer)
  }, [saves])

  /** What was chosen last; the answer may be on its way. */
  const latest = useRef(value)
  useEffect(() => {
    latest.current = value
  }, [value])

  async function keep(next: Settings[typeof key]): Promise<void> {
    if (next === latest.current) {
      setProblem(null)
      return
    }
    latest.current = next
    const refused = await change({ [key]: next })
    setProblem(refused && (refused.remedy ? `${refused.message} ${refused.remedy}` : refused.message))
    if (refused === null) setSaves((count) => count + 1)
    else latest.current = value
  }

  const control = { id, describedBy: `${id}-help` }
  return (
    <div
      data-setting={key}
      className={`grid items-center gap-x-6 px-4 py-3 ${field.kind === 'choice' ? 'grid-cols-[minmax(0,1fr)_auto]' : 'grid-cols-[minmax(0,1fr)_276px]'}`}
    >
      <div className="min-w-0">
        {/* Of several answers the label would choose the first. */}
        {field.kind === 'choice' ? (
          <p id={`${id}-title`} className="font-semibold">
            {title}
          </p>
        ) : (
          <label id={`${id}-title`} htmlFor={id} className="font-semibold">
            {title}
          </label>
        )}
        <p id={`${id}-help`} className="text-dim text-sm text-pretty">
          {help}
        </p>
      </div>
      <div className="flex items-center justify-end gap-2">
        <p role="status" className="text-ok text-sm">
          {saves > shown && (
            <span className="flex items-center gap-1">
              <Check size={13} aria-hidden="true" />
              Saved
            </span>
          )}
        </p>
        {value !== usual && (
          <Button
            kind="quiet"
            icon={RotateCcw}
            iconOnly
            label={`Reset to ${wordFor(field)}`}
            describedBy={`${id}-title`}
            onPress={() => void keep(usual)}
          />
        )}
        {field.kind === 'number' && (
          <NumberInput
            {...control}
            invalid={problem !== null}
            field={field}
            value={settings[field.key]}
            onKeep={keep}
            onProblem={setProblem}
          />
        )}
        {field.kind === 'switch' && <Switch {...control} on={settings[field.key]} onPress={() => keep(!latest.current)} />}
        {field.kind === 'choice' && (
          <Choice {...control} labelledBy={`${id}-title`} choices={field.choices} value={settings[field.key]} onChange={keep} />
        )}
      </div>
      {problem !== null && (
        <p role="alert" className="col-span-2 pt-1 text-right text-fail text-sm">
          {problem}
        </p>
      )}
    </div>
  )
}

/** The usual value in words. */
function wordFor(field: Field): string {
  if (field.kind === 'number') return `${formatNumber(field.usual)} ${field.unit}`
  if (field.kind === 'switch') return field.usual ? 'on' : 'off'
  return `“${field.choices.find(({ value }) => value === field.usual)?.title}”`
}
