import { useState } from 'react'
import type { UsageReport } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { formatCost, formatTokens, freshTokens } from '../../lib/format.ts'
import { costText, tokensText } from '../../lib/usage.ts'
import { Choice } from '../settings/choice.tsx'
import { DAYS, dayLabel, usageByDay } from './days.ts'
import { Nothing, Section } from './section.tsx'

type Measure = 'tokens' | 'cost'

/** Units of the drawing; it is stretched to the width there is. */
const HEIGHT = 120
const SLOT = 10
const BAR = 7

/** What was used on each of the last days, as bars or as a table. */
export function DayChart({ rows }: { readonly rows: UsageReport['rows'] }) {
  const [measure, setMeasure] = useState<Measure>('tokens')
  const [asTable, setAsTable] = useState(false)
  const [at, setAt] = useState<number | null>(null)
  const days = usageByDay(rows, Date.now())
  const size = ({ usage }: (typeof days)[number]) => (measure === 'tokens' ? freshTokens(usage) : (usage.costUsd ?? 0))
  const most = Math.max(...days.map(size))
  const title = `The last ${DAYS} days`
  const shown = days[at ?? DAYS - 1]

  if (rows.length === 0)
    return (
      <Section title={title}>
        <Nothing>Nothing was used yet. What jobs use stands here from their first answer on.</Nothing>
      </Section>
    )
  return (
    <Section
      title={title}
      actions={
        <>
          <span id="chart-measure" className="sr-only">
            What the bars show
          </span>
          <Choice
            id="chart"
            labelledBy="chart-measure"
            describedBy="chart-measure"
            value={measure}
            onChange={setMeasure}
            choices={[
              { value: 'tokens', title: 'Tokens' },
              { value: 'cost', title: 'Cost' },
            ]}
          />
          <Button label={asTable ? 'As bars' : 'As a table'} onPress={() => setAsTable(!asTable)} />
        </>
      }
    >
      <div className="rounded-lg border border-line bg-card px-4 py-3">
        {asTable ? (
          <DayTable days={days} />
        ) : (
          <>
            <div className="flex justify-between text-sm tabular-nums">
              <span className="text-dim">
                {shown &&
                  `${at === null ? 'Today' : dayLabel(shown.day)}: ${tokensText(shown.usage)} tokens, ${costText(shown.usage)}`}
              </span>
              <span className="text-faint">most: {measure === 'tokens' ? formatTokens(most) : formatCost(most)}</span>
            </div>
            <svg
              role="img"
              aria-label={`What was used on each of the last ${DAYS} days. The same as a table: press “As a table”.`}
              viewBox={`0 0 ${DAYS * SLOT} ${HEIGHT}`}
              preserveAspectRatio="none"
              className="mt-2 h-[120px] w-full"
              onPointerLeave={() => setAt(null)}
            >
              {days.map((day, index) => {
                const height = most === 0 ? 0 : Math.max(size(day) > 0 ? 2 : 0, ((HEIGHT - 4) * size(day)) / most)
                return (
                  <g key={day.day} onPointerEnter={() => setAt(index)}>
                    <rect x={index * SLOT} width={SLOT} height={HEIGHT} fill="transparent" />
                    <rect
                      x={index * SLOT + (SLOT - BAR) / 2}
                      y={HEIGHT - height}
                      width={BAR}
                      height={height}
                      className={index === (at ?? DAYS - 1) ? 'fill-text' : 'fill-faint'}
                    />
                  </g>
                )
              })}
              <line
                x1={0}
                x2={DAYS * SLOT}
                y1={HEIGHT}
                y2={HEIGHT}
                className="stroke-line-strong"
                vectorEffect="non-scaling-stroke"
              />
            </svg>
            <div aria-hidden="true" className="mt-1 flex justify-between text-faint text-xs tabular-nums">
              {[0, 10, 20].map((index) => (
                <span key={index}>{dayLabel(days[index]?.day ?? '')}</span>
              ))}
              <span>Today</span>
            </div>
          </>
        )}
      </div>
    </Section>
  )
}

function DayTable({ days }: { readonly days: ReturnType<typeof usageByDay> }) {
  return (
    <table className="w-full text-sm tabular-nums">
      <caption className="sr-only">What was used on each of the last {DAYS} days</caption>
      <thead className="text-left text-dim">
        <tr>
          <th className="py-1 font-medium">Day</th>
          <th className="py-1 text-right font-medium">Tokens</th>
          <th className="py-1 text-right font-medium">Cost</th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {days.toReversed().map(({ day, usage }) => (
          <tr key={day}>
            <th scope="row" className="py-1 text-left font-normal">
              {dayLabel(day)}
            </th>
            <td className="py-1 text-right">{tokensText(usage)}</td>
            <td className="py-1 text-right">{costText(usage)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
