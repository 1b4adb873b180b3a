import { useState } from 'react'
import type { UsageReport } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { freshTokens, plural } from '../../lib/format.ts'
import { costNote, costText, isEstimate, tokensText } from '../../lib/usage.ts'
import { useApp, useAppState } from '../../state/app-context.ts'
import { Choice } from '../settings/choice.tsx'
import { DAYS, type Share, usageBy } from './days.ts'
import { Section } from './section.tsx'

/** Rows shown before somebody asks for more. */
const FEW = 8

/** Who used what in the last days. */
export function Breakdown({ rows }: { readonly rows: UsageReport['rows'] }) {
  const [by, setBy] = useState<'model' | 'job'>('model')
  const [all, setAll] = useState(false)
  if (rows.length === 0) return null
  const shares = usageBy(by, rows)
  const most = Math.max(1, ...shares.map(({ usage }) => freshTokens(usage)))
  const shown = all ? shares : shares.slice(0, FEW)
  return (
    <Section
      title={`By ${by === 'model' ? 'instrument and model' : 'job'}, in ${DAYS} days`}
      actions={
        <>
          <span id="breakdown-by" className="sr-only">
            What is summed up
          </span>
          <Choice
            id="breakdown"
            labelledBy="breakdown-by"
            describedBy="breakdown-by"
            value={by}
            onChange={setBy}
            choices={[
              { value: 'model', title: 'Models' },
              { value: 'job', title: 'Jobs' },
            ]}
          />
        </>
      }
    >
      <div className="overflow-hidden rounded-lg border border-line bg-card">
        <table className="w-full table-fixed [&_td]:tabular-nums">
          <caption className="sr-only">What each {by === 'model' ? 'instrument and model' : 'job'} used</caption>
          <thead className="text-left text-dim text-sm">
            <tr className="border-line border-b">
              <th className="py-1.5 pl-4 font-medium">{by === 'model' ? 'Instrument and model' : 'Job'}</th>
              <th className="w-[22%] py-1.5 font-medium">
                <span className="sr-only">Share of tokens</span>
              </th>
              <th className="w-[84px] py-1.5 text-right font-medium">Attempts</th>
              <th className="w-[84px] py-1.5 text-right font-medium">Tokens</th>
              <th className="w-[190px] py-1.5 pr-4 text-right font-medium">Cost</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {shown.map((share) => (
              <ShareRow key={share.key} share={share} most={most} jobId={by === 'job' ? share.key : null} />
            ))}
          </tbody>
        </table>
      </div>
      {shares.length > FEW && (
        <div className="flex justify-center pt-3">
          <Button
            label={all ? 'Show fewer' : `Show ${plural(shares.length - FEW, 'more', 'more')}`}
            onPress={() => setAll(!all)}
          />
        </div>
      )}
    </Section>
  )
}

interface ShareRowProps {
  readonly share: Share
  readonly most: number
  readonly jobId: string | null
}

function ShareRow({ share: { name, aside, attempts, usage }, most, jobId }: ShareRowProps) {
  const { store } = useApp()
  const isThere = useAppState(({ projection }) => jobId !== null && projection.jobs.has(jobId))
  const note = [costNote(usage), isEstimate(usage) && 'estimated'].filter(Boolean).join(' · ')
  return (
    <tr>
      <th scope="row" className="truncate py-2 pr-3 pl-4 text-left font-semibold">
        {isThere && jobId !== null ? (
          <button type="button" className="text-accent hover:underline" onClick={() => store.showJob(jobId)}>
            {name}
          </button>
        ) : (
          name
        )}
        <span className="font-normal text-dim"> · {aside}</span>
      </th>
      <td className="py-2">
        <span
          aria-hidden="true"
          className="block h-[5px] min-w-px rounded-full bg-faint"
          style={{ width: `${(100 * freshTokens(usage)) / most}%` }}
        />
      </td>
      <td className="py-2 text-right text-dim">{attempts.toLocaleString('en-US')}</td>
      <td className="py-2 text-right">{tokensText(usage)}</td>
      <td className="py-2 pr-4 pl-3 text-right">
        {costText(usage)}
        {note && <span className="block text-faint text-xs">{note}</span>}
      </td>
    </tr>
  )
}
