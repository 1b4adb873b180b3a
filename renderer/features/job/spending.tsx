import type { Budget, JobSummary } from '../../../preload/contract.ts'
import { MeterBar } from '../../components/meter-bar.tsx'
import { Tooltip } from '../../components/tooltip.tsx'
import { ROLE_OF_BUDGET } from '../../lib/budget.ts'
import { formatCost, formatTokens, freshTokens, hasTokens } from '../../lib/format.ts'
import { costNote, costText, isEstimate, SURENESS, tokensText } from '../../lib/usage.ts'
import { useApp } from '../../state/app-context.ts'
import { Fact } from './fact.tsx'

/** What the job used and cost so far, beside what it may. */
export function Spending({ job }: { readonly job: JobSummary }) {
  const { usage, budgets } = job
  const budget = budgets.find(({ scope }) => scope === 'job')
  const counted = hasTokens(usage)
  const silent = job.running.filter(({ metering }) => metering === 'silent')
  const input = usage.inputTokens + usage.cacheWriteTokens
  const split = `${formatTokens(input)} in, ${formatTokens(usage.outputTokens)} out${usage.cacheReadTokens > 0 ? `, ${formatTokens(usage.cacheReadTokens)} cached` : ''}`
  const none = job.startedAt === null ? '' : 'none reported yet'
  return (
    <>
      <Fact
        name="Tokens"
        value={
          <Figure job={job} name="Tokens" text={tokensText(usage)} limit={budget?.tokens && formatTokens(budget.tokens.limit)} />
        }
        small={
          silent.length > 0 ? (
            <span className="font-medium text-wait">{silentText(silent.map(({ sheet }) => sheet))}</span>
          ) : counted ? (
            <>
              {standing(job) && <span className="font-medium text-dim">{standing(job)} · </span>}
              {split}
            </>
          ) : (
            none
          )
        }
      >
        {budget?.tokens && <Bar budget={budget} measure="tokens" />}
      </Fact>
      <Fact
        name="Cost"
        value={<Figure job={job} name="Cost" text={costText(usage)} limit={budget?.usd && formatCost(budget.usd.limit)} />}
        small={counted ? costNote(usage) || job.instrument : none}
      >
        {budget?.usd && <Bar budget={budget} measure="usd" />}
      </Fact>
    </>
  )
}

/** How the figures come while it runs. */
function standing({ usage, running }: JobSummary): string {
  if (running.some(({ metering }) => metering === 'live')) return 'live'
  if (usage.confidence === 'estimate') return 'estimated'
  return running.some(({ metering }) => metering === 'at_end') ? 'told at the end' : ''
}

const silentText = (sheets: readonly number[]): string =>
  `sheet${sheets.length > 1 ? 's' : ''} ${sheets.join(', ')} stopped telling what ${sheets.length > 1 ? 'they use' : 'it uses'}`

interface FigureProps {
  readonly job: JobSummary
  readonly name: string
  readonly text: string
  /** What it may use, with its unit. */
  readonly limit: string | null | undefined
}

/** A figure that tells where it comes from when it is pressed. */
function Figure({ job, name, text, limit }: FigureProps) {
  const { store } = useApp()
  const { usage } = job
  if (freshTokens(usage) + usage.cacheReadTokens === 0 && !limit) return text
  const note = [isEstimate(usage) && SURENESS[usage.confidence ?? 'exact'], costNote(usage)].filter(Boolean).join(' · ')
  return (
    <Tooltip text={note || 'Where these figures come from'}>
      <button
        type="button"
        aria-label={`${name}: ${text}${limit ? ` of ${limit}` : ''}. Where these figures come from`}
        aria-description={note || undefined}
        onClick={() => store.openDialog({ kind: 'figures', jobId: job.id })}
        className="max-w-full truncate rounded-sm text-left decoration-line-strong decoration-dotted underline-offset-4 hover:underline"
      >
        <span className={/^[a-z]/.test(text) ? 'text-lg' : ''}>{text}</span>
        {limit && <span className="font-semibold text-dim text-sm tracking-normal"> of {limit}</span>}
      </button>
    </Tooltip>
  )
}

function Bar({ budget, measure }: { readonly budget: Budget; readonly measure: 'tokens' | 'usd' }) {
  const amount = budget[measure]
  if (!amount) return null
  const share = amount.used / amount.limit
  const format = measure === 'tokens' ? formatTokens : formatCost
  const state = share > 1 ? 'over' : 100 * share >= budget.warnPercent ? 'warned' : 'ok'
  return (
    <div className="mt-1.5 mb-1">
      <MeterBar
        label={`Budget of the job, in ${measure === 'tokens' ? 'tokens' : 'US dollars'}`}
        text={`${format(amount.used)} of ${format(amount.limit)}`}
        share={share}
        role={ROLE_OF_BUDGET[state]}
        mark={budget.warnPercent}
      />
    </div>
  )
}
