import { MeterBar } from '../../components/meter-bar.tsx'
import { amountTexts, ROLE_OF_BUDGET } from '../../lib/budget.ts'
import { hasTokens } from '../../lib/format.ts'
import { costText, sumUsage, tokensText } from '../../lib/usage.ts'
import { useRefreshed } from '../../state/use-refreshed.ts'
import { dayKey } from './days.ts'

/** At most so often what today came to is asked anew, in ms. */
const EVERY_MS = 5000

/** What today came to, and how much of its budget that is; nothing while nothing was used. */
export function TodayFoot() {
  const { value } = useRefreshed('usage.report', () => ({ since: dayKey(Date.now()) }), EVERY_MS)
  if (!value) return null
  const usage = sumUsage(value.rows.map((row) => row.usage))
  const { today } = value
  if (!hasTokens(usage) && !today) return null
  const share = today && Math.max(...[today.tokens, today.usd].map((amount) => (amount ? amount.used / amount.limit : 0)))
  return (
    <section aria-label="So far today" className="mt-auto hidden px-2 pb-1 text-dim text-xs wide:block">
      <h2 className="mb-1.5 font-semibold text-faint">Today</h2>
      <dl className="grid grid-cols-[1fr_auto] gap-y-1 *:even:text-right *:even:font-semibold *:even:text-text *:even:tabular-nums">
        <dt>Tokens</dt>
        <dd>{tokensText(usage)}</dd>
        <dt>Cost</dt>
        <dd>{costText(usage)}</dd>
      </dl>
      {today && share !== null && (
        <div className="mt-2">
          <p className="mb-1 tabular-nums">{amountTexts(today).join(', ')}</p>
          <MeterBar
            label="Budget of today"
            text={amountTexts(today).join(', ')}
            share={share}
            role={ROLE_OF_BUDGET[today.state]}
            mark={today.warnPercent}
          />
        </div>
      )}
    </section>
  )
}
