import type { Budget, JobSummary } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { actionText, amountTexts, ownerOf } from '../../lib/budget.ts'
import { useApp, useAppState } from '../../state/app-context.ts'

/** What a budget has done to the job or is about to do, and the way to raise it. */
export function BudgetNotice({ job }: { readonly job: JobSummary }) {
  const { commands, store } = useApp()
  const busy = useAppState((state) => state.asked.has(job.id))
  if (job.status === 'completed') return null
  const byDay = job.frozen?.by === 'day'
  const worst = job.budgets.find(({ state }) => state === 'over') ?? job.budgets.find(({ state }) => state === 'warned')
  const silent = job.running.find(({ metering }) => metering === 'silent')
  const limited = silent && job.budgets.some(({ sheet }) => sheet === null || sheet === silent.sheet)
  if (!byDay && !worst && !limited) return null
  const holds = job.frozen?.by === 'budget'
  const tone = worst?.state === 'over' || byDay || holds ? 'bg-fail/8 text-fail' : 'bg-wait/8 text-wait'
  return (
    <section
      aria-label="Budget"
      className={`flex shrink-0 items-center gap-3 border-line border-b px-[22px] py-2 text-sm ${tone}`}
    >
      <p className="min-w-0 flex-1 break-words font-medium select-text">
        {byDay
          ? 'Today’s budget is used up: the job stands still until midnight, or until the budget is raised.'
          : worst
            ? sentence(worst, job)
            : `Sheet ${silent?.sheet} stopped telling what it uses, so its budget cannot be watched.${holds ? ' The job stands still.' : ''}`}
      </p>
      {!byDay && !worst && holds && job.can.thaw && (
        <Button label="Thaw all the same" busy={busy} onPress={() => void commands.thaw(job.id)} />
      )}
      {byDay ? (
        <Button label="Today’s budget" onPress={store.showUsage} />
      ) : (
        <Button
          label="Raise budget…"
          onPress={() => store.openDialog({ kind: 'budget', jobId: job.id, scope: worst?.scope === 'sheet' ? 'sheet' : 'job' })}
        />
      )}
    </section>
  )
}

function sentence(budget: Budget, job: JobSummary): string {
  const used = `${ownerOf(budget)} has used ${crossed(budget, job).join(' and ')}`
  if (budget.state === 'warned') return `${used}. When that is used up, ${actionText(budget)}.`
  if (budget.action === 'notify') return `${used}. It goes on: its budget only tells you.`
  const ended = job.status === 'cancelled' || job.status === 'failed'
  return `${used}. ${ended ? 'Raise its budget to resume the job.' : 'Raise its budget to let the job go on.'}`
}

/** Only what is used up, or nearly. Of a price that is not certain the upper end counts. */
function crossed(budget: Budget, job: JobSummary): readonly string[] {
  const least = budget.state === 'over' ? 1 : budget.warnPercent / 100
  const near = (amount: Budget['tokens']) => (amount && amount.used / amount.limit >= least ? amount : null)
  const texts = amountTexts({ ...budget, tokens: near(budget.tokens), usd: near(budget.usd) })
  return job.usage.costRange ? texts.map((text) => (text.startsWith('$') ? `up to ${text}` : text)) : texts
}
