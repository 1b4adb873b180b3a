import type { JobSummary } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { MeterBar } from '../../components/meter-bar.tsx'
import { actionText, amountTexts, ROLE_OF_BUDGET } from '../../lib/budget.ts'
import { overdueText } from '../../lib/forecast.ts'
import { costText, tokensText } from '../../lib/usage.ts'
import { useApp } from '../../state/app-context.ts'
import { useNow } from '../../state/clock.ts'

const METERING = {
  live: 'live',
  at_end: 'told at its end',
  estimate: 'estimated from its text',
  silent: 'stopped telling',
} as const

interface SheetBudgetProps {
  readonly job: JobSummary
  readonly sheet: number
}

/** What the attempt in view uses now, beside what its sheet may and how long it usually takes; nothing where nothing is known. */
export function SheetBudget({ job, sheet }: SheetBudgetProps) {
  const { store } = useApp()
  const attempt = job.running.find((one) => one.sheet === sheet)
  const budget = job.budgets.find((one) => one.scope === 'sheet' && one.sheet === sheet)
  const usual = attempt?.usualMs ?? null
  const now = useNow(usual !== null && job.frozen === null)
  if (!attempt && !budget) return null
  const overdue =
    attempt && job.frozen === null && attempt.phase === 'running' ? overdueText(usual, now - attempt.startedAt) : null
  const usage = attempt?.usage ?? null
  const silent = attempt?.metering === 'silent'
  if (!usage && !budget && !overdue && !silent) return null
  const share = budget && Math.max(...[budget.tokens, budget.usd].map((amount) => (amount ? amount.used / amount.limit : 0)))
  return (
    <section
      aria-label="What the sheet uses"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b py-1.5 pr-2 pl-4 text-sm tabular-nums"
    >
      {(usage || silent) && (
        <span className={silent ? 'font-medium text-wait' : 'text-dim'}>
          {usage ? `${tokensText(usage)} tokens · ${costText(usage)} · ` : 'Its figures: '}
          {attempt && METERING[attempt.metering]}
        </span>
      )}
      {overdue && <span className="font-medium text-wait">{overdue}</span>}
      {budget && share !== undefined && (
        <>
          <span className="hidden w-24 wide:block">
            <MeterBar
              label={`Budget of sheet ${sheet}`}
              text={amountTexts(budget).join(', ')}
              share={share}
              role={ROLE_OF_BUDGET[budget.state]}
              mark={budget.warnPercent}
            />
          </span>
          <span className="text-dim">{amountTexts(budget).join(', ')}</span>
          <span className="ml-auto">
            <Button
              kind="quiet"
              label="Raise…"
              hint={`Raise the budget of each sheet: when it is used up, ${actionText(budget)}`}
              onPress={() => store.openDialog({ kind: 'budget', jobId: job.id, scope: 'sheet' })}
            />
          </span>
        </>
      )}
    </section>
  )
}
