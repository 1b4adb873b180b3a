import { type ReactNode, useState } from 'react'
import type { Insights } from '../../../preload/contract.ts'
import { ask } from '../../app/bridge.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Failed } from '../../components/failed-part.tsx'
import { formatDurationRange } from '../../lib/forecast.ts'
import { formatCost, formatDay, formatDuration, formatTokens, NONE, plural } from '../../lib/format.ts'
import { formatCostRange, formatTokensRange } from '../../lib/usage.ts'
import { useApp } from '../../state/app-context.ts'
import { useRefreshed } from '../../state/use-refreshed.ts'
import { Nothing, Section } from './section.tsx'

/** At most so often what was learned is asked anew while jobs run, in ms. */
const EVERY_MS = 30_000

type Sheet = Insights['sheets'][number]

/** What was learned of how sheets go, and its deletion. `children`: whether it is learned at all. */
export function Learned({ children }: { readonly children: ReactNode }) {
  const { value, problem, reload } = useRefreshed('learning.insights', () => null, EVERY_MS)
  /** What is asked to be deleted: a score's, or all (null). */
  const [asking, setAsking] = useState<{ readonly score: string | null } | null>(null)
  const sheets = value?.sheets ?? []
  const scores = [...new Set(sheets.map(({ score }) => score))]
  return (
    <Section
      title={value?.since ? `Learned from ${plural(value.outcomes, 'attempt')} since ${formatDay(value.since)}` : 'Learned'}
      actions={
        value && value.outcomes > 0 && <Button kind="danger" label="Delete all…" onPress={() => setAsking({ score: null })} />
      }
    >
      {children}
      {!value && problem && <Failed title="What was learned could not be read" message={problem.message} onRetry={reload} />}
      {value && value.sheets.length === 0 && (
        <Nothing>Nothing is learned yet. After two runs of a sheet Fermata can say how long it usually takes.</Nothing>
      )}
      {scores.map((score) => (
        <Score
          key={score}
          score={score}
          sheets={sheets.filter((sheet) => sheet.score === score)}
          onForget={() => setAsking({ score })}
        />
      ))}
      {asking && (
        <ForgetDialog
          score={asking.score}
          onClose={() => setAsking(null)}
          onDone={() => {
            setAsking(null)
            reload()
          }}
        />
      )}
    </Section>
  )
}

interface ScoreProps {
  readonly score: string
  readonly sheets: readonly Sheet[]
  readonly onForget: () => void
}

function Score({ score, sheets, onForget }: ScoreProps) {
  return (
    <div className="mb-3 overflow-hidden rounded-lg border border-line bg-card">
      <div className="flex items-center justify-between gap-3 border-line border-b py-1.5 pr-2 pl-4">
        <h3 className="truncate font-semibold">{score}</h3>
        <Button kind="quiet" label="Delete…" hint={`Delete what was learned of ${score}`} onPress={onForget} />
      </div>
      <table className="w-full table-fixed text-sm [&_td]:tabular-nums">
        <caption className="sr-only">How the sheets of {score} went</caption>
        <thead className="text-left text-dim">
          <tr className="border-line border-b">
            <th className="py-1.5 pl-4 font-medium">Sheet</th>
            <th className="w-[48px] py-1.5 text-right font-medium">Runs</th>
            <th className="w-[118px] py-1.5 text-right font-medium">Usually takes</th>
            <th className="w-[104px] py-1.5 text-right font-medium">Tokens</th>
            <th className="w-[104px] py-1.5 text-right font-medium">Cost</th>
            <th className="w-[124px] py-1.5 pr-4 text-right font-medium">Succeeds</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {sheets.map((sheet) => (
            <SheetFacts key={JSON.stringify([sheet.sheet, sheet.instrument, sheet.model])} sheet={sheet} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SheetFacts({ sheet }: { readonly sheet: Sheet }) {
  const { durationMs, tokens, costUsd, successRate, firstTryRate, commonFailures } = sheet
  const [failure] = commonFailures
  return (
    <tr className="align-top">
      <th scope="row" className="py-1.5 pr-3 pl-4 text-left font-semibold">
        <span className="block truncate">{sheet.sheet}</span>
        <span className="block truncate font-normal text-dim">
          {sheet.instrument}
          {sheet.model && ` · ${sheet.model}`}
        </span>
        {failure && (
          <span className="line-clamp-2 font-normal text-fail break-words">
            Failed {failure.count}×: {failure.message}
            {failure.code && ` (${failure.code})`}
          </span>
        )}
      </th>
      <td className="py-1.5 text-right">{sheet.runs}</td>
      <Spread of={durationMs} one={durationText} range={formatDurationRange} />
      <Spread of={tokens} one={formatTokens} range={formatTokensRange} />
      <Spread of={costUsd} one={formatCost} range={formatCostRange} unknown="price unknown" when={tokens !== null} />
      <td className="py-1.5 pr-4 text-right">
        {percent(successRate)}
        {firstTryRate !== null && <span className="block text-faint text-xs">{percent(firstTryRate)} at first try</span>}
      </td>
    </tr>
  )
}

interface SpreadProps {
  readonly of: { readonly p10: number; readonly p50: number; readonly p90: number } | null
  readonly one: (figure: number) => string
  readonly range: (low: number, high: number) => string
  /** What an unknown figure is called where there should be one. */
  readonly unknown?: string
  readonly when?: boolean
}

/** The usual figure, and between which eight of ten lie. */
function Spread({ of, one, range, unknown = NONE, when = false }: SpreadProps) {
  if (!of) return <td className="py-1.5 text-right text-dim">{when ? unknown : NONE}</td>
  const between = range(of.p10, of.p90)
  return (
    <td className="py-1.5 text-right">
      {one(of.p50)}
      {of.p10 !== of.p90 && <span className="block text-faint text-xs">{between}</span>}
    </td>
  )
}

/** What took time did not take none. */
const durationText = (ms: number): string => (ms < 1000 ? 'under 1\u00a0s' : formatDuration(ms))

const percent = (rate: number): string => `${Math.round(100 * rate)}\u00a0%`

interface ForgetDialogProps {
  readonly score: string | null
  readonly onClose: () => void
  readonly onDone: () => void
}

function ForgetDialog({ score, onClose, onDone }: ForgetDialogProps) {
  const { bridge, store } = useApp()
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)

  async function forget(): Promise<void> {
    setBusy(true)
    const answer = await ask(bridge, 'learning.forget', { score })
    setBusy(false)
    if (!answer.ok) return setRefused(answer.problem.message)
    store.toast({
      tone: 'news',
      title: `What was learned of ${plural(answer.value.outcomes, 'attempt')} is deleted`,
      message: null,
    })
    onDone()
  }

  return (
    <Dialog
      title={score === null ? 'Delete all that was learned?' : `Delete what was learned of ${score}?`}
      onClose={onClose}
      actions={
        <>
          <Button label="Keep it" autoFocus onPress={onClose} />
          <Button kind="danger" label="Delete" busy={busy} onPress={() => void forget()} />
        </>
      }
    >
      <p>
        Forecasts begin anew{score === null ? '' : ' for this score'}, and prompts are told no past failures. Jobs, logs and what
        was used are not touched. This cannot be taken back.
      </p>
      {refused && (
        <p role="alert" className="mt-2 text-fail">
          {refused}
        </p>
      )}
    </Dialog>
  )
}
