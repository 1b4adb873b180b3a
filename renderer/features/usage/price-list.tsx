import { Pencil, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import type { Price, PriceTable, UsageReport } from '../../../preload/contract.ts'
import { ask } from '../../app/bridge.ts'
import { Button } from '../../components/button.tsx'
import { Failed } from '../../components/failed-part.tsx'
import { formatTokens, NONE } from '../../lib/format.ts'
import { useApp } from '../../state/app-context.ts'
import { useRefreshed } from '../../state/use-refreshed.ts'
import { dayLabel, unpricedModels } from './days.ts'
import { PriceDialog } from './price-dialog.tsx'
import { Section } from './section.tsx'

/** Prices change when somebody changes them: asking now and then is enough (ms). */
const EVERY_MS = 60_000
/** Rows shown before somebody asks for more. */
const FEW = 8

/** Whose price is being set; `model` empty: a new one. */
interface Editing {
  readonly model: string
  readonly price: Price | null
}

/** What models cost: those in use without a price first, then the user's own, then the bundled ones. */
export function PriceList({ rows }: { readonly rows: UsageReport['rows'] }) {
  const { bridge, store } = useApp()
  const { value, problem, reload } = useRefreshed('prices.get', () => null, EVERY_MS)
  const [editing, setEditing] = useState<Editing | null>(null)
  const [search, setSearch] = useState('')
  const [all, setAll] = useState(false)

  async function takeBack(model: string): Promise<void> {
    const answer = await ask(bridge, 'prices.set', { model, price: null })
    if (!answer.ok)
      return store.toast({ tone: 'problem', title: 'The price was not taken back', message: answer.problem.message })
    reload()
    const back = model in answer.value.models ? 'The bundled price counts again.' : 'Its price is unknown now.'
    store.toast({ tone: 'news', title: `Your price of ${model} is taken back`, message: back })
  }

  if (!value) {
    if (!problem) return null
    return <Failed title="The prices could not be read" message={problem.message} onRetry={reload} />
  }
  const missing = unpricedModels(rows, new Set(Object.keys(value.models)))
  const found = sorted(value).filter(([model]) => model.toLowerCase().includes(search.trim().toLowerCase()))
  const shown = all || search !== '' ? found : found.slice(0, FEW)
  return (
    <Section
      title={`Prices: USD for 1 M tokens, bundled as of ${dayLabel(value.date)} ${value.date.slice(0, 4)}`}
      actions={
        <>
          <input
            type="search"
            aria-label="Find a model"
            placeholder="Find a model"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            className="h-[30px] w-[150px] rounded-md border border-line bg-card px-2.5 select-text hover:border-line-strong"
          />
          <Button label="Add a model…" onPress={() => setEditing({ model: '', price: null })} />
        </>
      }
    >
      {value.problems.length > 0 && (
        <div role="alert" className="mb-3 rounded-lg border border-line bg-fail/8 px-4 py-2 text-fail text-sm select-text">
          {value.problems.map((sentence) => (
            <p key={sentence} className="break-words">
              {sentence}
            </p>
          ))}
        </div>
      )}
      {missing.length > 0 && (
        <ul aria-label="Used without a price" className="mb-3 divide-y divide-line rounded-lg border border-line bg-wait/8">
          {missing.map(({ model, tokens }) => (
            <li key={model} className="flex items-center gap-3 px-4 py-2">
              <p className="min-w-0 flex-1 break-words">
                <span className="font-semibold">{model}</span>
                <span className="text-dim"> · price unknown, {formatTokens(tokens)} tokens used</span>
              </p>
              <Button label="Set a price…" onPress={() => setEditing({ model, price: null })} />
            </li>
          ))}
        </ul>
      )}
      <div className="overflow-hidden rounded-lg border border-line bg-card">
        <table className="w-full table-fixed [&_td]:tabular-nums">
          <caption className="sr-only">Prices in US dollars for one million tokens</caption>
          <thead className="text-left text-dim text-sm">
            <tr className="border-line border-b">
              <th className="py-1.5 pl-4 font-medium">Model</th>
              <th className="w-[76px] py-1.5 text-right font-medium">Input</th>
              <th className="w-[76px] py-1.5 text-right font-medium">Output</th>
              <th className="w-[96px] py-1.5 text-right font-medium">Cache read</th>
              <th className="w-[96px] py-1.5 text-right font-medium">Cache write</th>
              <th className="w-[92px] py-1.5 pr-3">
                <span className="sr-only">Change</span>
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {shown.map(([model, price]) => (
              <PriceRow
                key={model}
                model={model}
                price={price}
                own={value.own.includes(model)}
                onEdit={() => setEditing({ model, price })}
                onTakeBack={() => void takeBack(model)}
              />
            ))}
          </tbody>
        </table>
        {shown.length === 0 && (
          <p className="px-4 py-5 text-center text-dim">
            {search === '' ? 'There are no prices yet.' : `No model in the table is called “${search}”.`}
          </p>
        )}
      </div>
      {search === '' && found.length > FEW && (
        <div className="flex justify-center pt-3">
          <Button label={all ? 'Show fewer' : `Show all ${found.length}`} onPress={() => setAll(!all)} />
        </div>
      )}
      {editing && (
        <PriceDialog
          model={editing.model}
          price={editing.price}
          onClose={() => setEditing(null)}
          onKept={() => {
            setEditing(null)
            reload()
          }}
        />
      )}
    </Section>
  )
}

/** The user's own first; else as the table has them, by maker. */
function sorted({ models, own }: PriceTable): readonly (readonly [string, Price])[] {
  const isOwn = new Set(own)
  const entries = Object.entries(models)
  return [...entries.filter(([model]) => isOwn.has(model)), ...entries.filter(([model]) => !isOwn.has(model))]
}

interface PriceRowProps {
  readonly model: string
  readonly price: Price
  readonly own: boolean
  readonly onEdit: () => void
  readonly onTakeBack: () => void
}

function PriceRow({ model, price, own, onEdit, onTakeBack }: PriceRowProps) {
  return (
    <tr>
      <th scope="row" className="truncate py-1.5 pl-4 text-left font-semibold">
        {model}
        {own && <span className="ml-2 rounded-full bg-accent-soft px-2 py-0.5 font-medium text-accent text-xs">yours</span>}
      </th>
      <td className="py-1.5 text-right">{dollars(price.input)}</td>
      <td className="py-1.5 text-right">{dollars(price.output)}</td>
      <td className="py-1.5 text-right">{dollars(price.cacheRead)}</td>
      <td className="py-1.5 text-right">{dollars(price.cacheWrite)}</td>
      <td className="py-1 pr-3">
        <span className="flex justify-end gap-1">
          {own && (
            <Button kind="quiet" icon={RotateCcw} iconOnly label={`Take back your price of ${model}`} onPress={onTakeBack} />
          )}
          <Button kind="quiet" icon={Pencil} iconOnly label={`Set your price of ${model}`} onPress={onEdit} />
        </span>
      </td>
    </tr>
  )
}

/** `$ 0.075`; a dash where it is not known. */
const dollars = (price: number | undefined): string =>
  price === undefined ? NONE : `$\u00a0${price.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`
