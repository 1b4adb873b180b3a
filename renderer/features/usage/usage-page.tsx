import { useEffect, useRef } from 'react'
import { Failed, Part } from '../../components/failed-part.tsx'
import { useRefreshed } from '../../state/use-refreshed.ts'
import { LEARNING } from '../settings/fields.ts'
import { SettingRow } from '../settings/setting-row.tsx'
import { useSettings } from '../settings/use-settings.ts'
import { Breakdown } from './breakdown.tsx'
import { DayChart } from './day-chart.tsx'
import { DAYS, dayKey } from './days.ts'
import { Learned } from './learned.tsx'
import { PriceList } from './price-list.tsx'
import { Section } from './section.tsx'
import { Today } from './today.tsx'

/** At most so often the figures are asked anew while jobs run, in ms. */
const EVERY_MS = 5000

/** What was used and what it cost, what is allowed, what prices hold, and what was learned. */
export function UsagePage() {
  const report = useRefreshed('usage.report', () => ({ since: dayKey(Date.now(), DAYS - 1) }), EVERY_MS)
  const { settings, change } = useSettings()
  const title = useRef<HTMLHeadingElement>(null)

  // A new page: the keyboard and the screen reader begin at its title.
  useEffect(() => title.current?.focus(), [])

  async function changeSettings(patch: Parameters<typeof change>[0]) {
    const problem = await change(patch)
    if (problem === null) report.reload()
    return problem
  }

  return (
    <>
      <header className="flex min-h-[57px] items-center border-line border-b px-[22px]">
        <h1 ref={title} tabIndex={-1} className="font-[650] text-lg">
          Usage
        </h1>
      </header>
      <div className="relative min-h-0 flex-1 overflow-y-auto px-[22px] pb-8 [scrollbar-gutter:stable]">
        <div className="max-w-[1000px]">
          {report.value ? (
            <Part name="What was used">
              <Today report={report.value} settings={settings} change={changeSettings} />
              <DayChart rows={report.value.rows} />
              <Breakdown rows={report.value.rows} />
            </Part>
          ) : report.problem ? (
            <Failed title="What was used could not be read" message={report.problem.message} onRetry={report.reload} />
          ) : (
            <Skeleton />
          )}
          <Part name="What was learned">
            <Learned>
              {settings && (
                <div className="mb-3 rounded-lg border border-line bg-card">
                  {LEARNING.fields.map((field) => (
                    <SettingRow key={field.key} field={field} settings={settings} change={changeSettings} />
                  ))}
                </div>
              )}
            </Learned>
          </Part>
          <Part name="The prices">
            <PriceList rows={report.value?.rows ?? []} />
          </Part>
        </div>
      </div>
    </>
  )
}

/** The layout while the figures are on their way. */
function Skeleton() {
  return (
    <div role="status" aria-label="Loading what was used">
      <Section title="Today">
        <div className="h-[92px] rounded-lg border border-line bg-card" />
      </Section>
      <Section title={`The last ${DAYS} days`}>
        <div className="h-[190px] rounded-lg border border-line bg-card" />
      </Section>
    </div>
  )
}
