import type { JobSummary } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { actionText, amountTexts, ownerOf } from '../../lib/budget.ts'
import { formatTokens } from '../../lib/format.ts'
import { costText, formatCostRange, SURENESS, tokensText } from '../../lib/usage.ts'
import { useApp } from '../../state/app-context.ts'

const METERING = {
  live: 'tells while it runs',
  at_end: 'tells at its end only',
  estimate: 'tells nothing: counted from its text',
  silent: 'stopped telling what it uses',
} as const

/** Where the figures of a job come from, how sure they are, and what it may use. */
export function FiguresDialog({ job }: { readonly job: JobSummary }) {
  const { store } = useApp()
  const { usage, budgets, running } = job
  const ended = job.status === 'completed'
  const rows: readonly (readonly [string, string])[] = [
    ['Fresh input', formatTokens(usage.inputTokens)],
    ['Written to the cache', formatTokens(usage.cacheWriteTokens)],
    ['Output', formatTokens(usage.outputTokens)],
    ['Tokens in all', tokensText(usage)],
    ['Read from the cache, not counted', formatTokens(usage.cacheReadTokens)],
    ['Cost', costText(usage)],
    ...(usage.costRange ? [['Between', formatCostRange(...usage.costRange)] as const] : []),
    ...(usage.unpricedTokens ? [['Tokens without a price', formatTokens(usage.unpricedTokens)] as const] : []),
  ]
  return (
    <Dialog
      title={`What ${job.name} used`}
      onClose={store.closeDialog}
      actions={
        <>
          {!ended && (
            <Button
              label={budgets.some(({ scope }) => scope === 'job') ? 'Raise budget…' : 'Set a budget…'}
              onPress={() => store.openDialog({ kind: 'budget', jobId: job.id, scope: 'job' })}
            />
          )}
          <Button label="Close" autoFocus onPress={store.closeDialog} />
        </>
      }
    >
      <dl className="grid grid-cols-[1fr_auto] gap-y-1">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="text-right font-semibold text-text tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 text-sm">
        {SURENESS[usage.confidence ?? 'exact']}.{usage.source && ` Source: ${usage.source}.`}
      </p>
      {running.length > 0 && (
        <ul className="mt-2 text-sm">
          {running.slice(0, 8).map(({ sheet, metering }) => (
            <li key={sheet} className={metering === 'silent' ? 'text-wait' : ''}>
              Sheet {sheet} {METERING[metering]}.
            </li>
          ))}
        </ul>
      )}
      {budgets.map((budget) => (
        <p key={`${budget.scope} ${budget.sheet}`} className="mt-2 text-sm">
          {ownerOf(budget)}: {amountTexts(budget).join(', ')}. When that is used up, {actionText(budget)}.
        </p>
      ))}
    </Dialog>
  )
}
