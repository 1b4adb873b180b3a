import { useState } from 'react'
import type { Price } from '../../../preload/contract.ts'
import { ask } from '../../app/bridge.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { useApp } from '../../state/app-context.ts'
import { formatNumber, type NumberBounds, readNumber } from '../settings/fields.ts'

interface PriceDialogProps {
  /** Empty: one that is not in the table. */
  readonly model: string
  readonly price: Price | null
  readonly onClose: () => void
  readonly onKept: () => void
}

const BOUNDS: NumberBounds = { max: 100_000, fractions: true, digits: 6 }
const FIELDS = [
  { key: 'input', label: 'Input', needed: true },
  { key: 'output', label: 'Output', needed: true },
  { key: 'cacheRead', label: 'Read from the cache', needed: false },
  { key: 'cacheWrite', label: 'Written to the cache', needed: false },
] as const

type Texts = Readonly<Record<(typeof FIELDS)[number]['key'], string>>

/** The user's own price of a model. */
export function PriceDialog({ model, price, onClose, onKept }: PriceDialogProps) {
  const { bridge, store } = useApp()
  const [name, setName] = useState(model)
  const [texts, setTexts] = useState<Texts>(() => {
    const text = (value: number | undefined) => (value === undefined ? '' : formatNumber(value))
    return {
      input: text(price?.input),
      output: text(price?.output),
      cacheRead: text(price?.cacheRead),
      cacheWrite: text(price?.cacheWrite),
    }
  })
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  const nameProblem = /^[^\s*]+\*?$/.test(name.trim()) ? null : 'The name as the program calls it, without spaces.'

  async function keep(): Promise<void> {
    setTried(true)
    const wanted = read(texts)
    if (busy || !wanted || nameProblem) return
    setBusy(true)
    const answer = await ask(bridge, 'prices.set', { model: name.trim(), price: wanted })
    setBusy(false)
    if (!answer.ok) {
      setRefused([answer.problem.message, answer.problem.remedy].filter(Boolean).join(' '))
      return
    }
    const message = 'It counts from now on; what was used before keeps its cost.'
    store.toast({ tone: 'news', title: `Your price of ${name.trim()} is kept`, message })
    onKept()
  }

  return (
    <Dialog
      title={model === '' ? 'Add a model' : `Your price of ${model}`}
      onClose={onClose}
      actions={
        <>
          <Button label="Leave it" onPress={onClose} />
          <Button kind="primary" label="Keep this price" busy={busy} onPress={() => void keep()} />
        </>
      }
    >
      <p className="mb-3">US dollars for 1,000,000 tokens.</p>
      {model === '' && (
        <div className="mb-2">
          <TextField
            label="Model"
            value={name}
            autoFocus
            mono
            onChange={setName}
            hint="A star at the end stands for every name that begins so: local/*"
            problem={tried ? nameProblem : null}
            onEnter={() => void keep()}
          />
        </div>
      )}
      <div className="grid grid-cols-2 gap-x-4 gap-y-2">
        {FIELDS.map(({ key, label, needed }) => (
          <TextField
            key={key}
            label={label}
            kind="number"
            unit="USD"
            autoFocus={model !== '' && key === 'input'}
            value={texts[key]}
            onChange={(text) => setTexts({ ...texts, [key]: text })}
            hint={needed ? '' : 'Empty: not known'}
            problem={tried ? problemOf(texts[key], needed) : null}
            onEnter={() => void keep()}
          />
        ))}
      </div>
      {refused && (
        <p role="alert" className="mt-2 text-fail">
          {refused}
        </p>
      )}
    </Dialog>
  )
}

function problemOf(text: string, needed: boolean): string | null {
  if (text.trim() === '') return needed ? 'Its price; 0 where it is free.' : null
  const found = readNumber(text, BOUNDS)
  return 'problem' in found ? found.problem : null
}

/** Null where something is wrong. */
function read(texts: Texts): Price | null {
  const values: Partial<Record<keyof Texts, number>> = {}
  for (const { key, needed } of FIELDS) {
    if (problemOf(texts[key], needed) !== null) return null
    const found = texts[key].trim() === '' ? null : readNumber(texts[key], BOUNDS)
    if (found && 'value' in found) values[key] = found.value
  }
  const { input, output, ...cache } = values
  return input === undefined || output === undefined ? null : { input, output, ...cache }
}
