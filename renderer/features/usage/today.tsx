import { useState } from 'react'
import type { Budget, Problem, Settings, UsageReport } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { MeterBar } from '../../components/meter-bar.tsx'
import { actionText, ROLE_OF_BUDGET } from '../../lib/budget.ts'
import { formatCost, formatTokens } from '../../lib/format.ts'
import { costNote, costText, isEstimate, SURENESS, sumUsage, tokensText } from '../../lib/usage.ts'
import { DAY } from '../settings/fields.ts'
import { SettingRow } from '../settings/setting-row.tsx'
import { dayKey } from './days.ts'
import { Section } from './section.tsx'

interface TodayProps {
  readonly report: UsageReport
  readonly settings: Settings | null
  readonly change: (patch: Partial<Settings>) => Promise<Problem | null>
}

/** What today came to, beside what a day may. */
export function Today({ report, settings, change }: TodayProps) {
  const [editing, setEditing] = useState(false)
  const { today } = report
  const rows = report.rows.filter(({ day }) => day === dayKey(Date.now()))
  const usage = sumUsage(rows.map((row) => row.usage))
  const note = [costNote(usage), isEstimate(usage) && SURENESS[usage.confidence ?? 'exact'].toLowerCase()]
    .filter(Boolean)
    .join(' · ')
  return (
    <Section title="Today">
      <div className="rounded-lg border border-line bg-card">
        <div className="grid grid-cols-[1fr_1fr_auto] items-start gap-x-6 px-4 py-3">
          <Amount name="Tokens" value={tokensText(usage)} budget={today} measure="tokens" />
          <Amount name="Cost" value={costText(usage)} note={note} budget={today} measure="usd" />
          <Button
            label={editing ? 'Done' : today ? 'Change the budget' : 'Set a budget'}
            hint="What all jobs together may use on one day"
            onPress={() => setEditing(!editing)}
          />
        </div>
        <p className="border-line border-t px-4 py-2 text-dim text-sm">
          {today ? budgetSentence(today) : 'There is no budget for a day: nothing stops jobs for what they use together.'}
        </p>
        {editing && settings && (
          <div className="divide-y divide-line border-line border-t">
            {DAY.fields.map((field) => (
              <SettingRow key={field.key} field={field} settings={settings} change={change} />
            ))}
          </div>
        )}
      </div>
    </Section>
  )
}

function budgetSentence(today: Budget): string {
  if (today.state === 'over')
    return today.action === 'notify'
      ? 'Today’s budget is used up; jobs go on.'
      : `Today’s budget is used up: ${actionText(today)}.`
  return `You are told at ${today.warnPercent} %. When it is used up, ${actionText(today)}.`
}

interface AmountProps {
  readonly name: string
  readonly value: string
  readonly note?: string
  readonly budget: Budget | null
  readonly measure: 'tokens' | 'usd'
}

function Amount({ name, value, note, budget, measure }: AmountProps) {
  const amount = budget?.[measure]
  const format = measure === 'tokens' ? formatTokens : formatCost
  const share = amount ? amount.used / amount.limit : 0
  const state = share > 1 ? 'over' : budget && 100 * share >= budget.warnPercent ? 'warned' : 'ok'
  return (
    <div className="min-w-0">
      <p className="text-dim text-sm">{name}</p>
      <p className="font-[620] text-xl tabular-nums select-text">
        {value}
        {amount && <span className="font-semibold text-dim text-sm"> of {format(amount.limit)}</span>}
      </p>
      {amount && (
        <div className="my-1.5">
          <MeterBar
            label={`Today’s budget in ${measure === 'tokens' ? 'tokens' : 'US dollars'}`}
            text={`${format(amount.used)} of ${format(amount.limit)}`}
            share={share}
            role={ROLE_OF_BUDGET[state]}
            mark={budget?.warnPercent ?? 100}
          />
        </div>
      )}
      <p className="text-faint text-xs tabular-nums">
        {[amount && `${Math.round(100 * share)} % used`, note].filter(Boolean).join(' · ')}
      </p>
    </div>
  )
}
