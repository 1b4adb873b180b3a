import { useState } from 'react'
import type { JobSummary } from '../../../preload/contract.ts'
import { ask } from '../../app/bridge.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { actionText, amountTexts } from '../../lib/budget.ts'
import { formatCost, formatTokens } from '../../lib/format.ts'
import { useApp } from '../../state/app-context.ts'
import { formatNumber, type NumberBounds, readNumber } from '../settings/fields.ts'

interface BudgetDialogProps {
  readonly job: JobSummary
  readonly scope: 'job' | 'sheet'
}

const TOKENS: NumberBounds = { min: 1, max: 1_000_000_000_000 }
const USD: NumberBounds = { min: 0.0001, max: 1_000_000, fractions: true, digits: 4 }

/** Allows a job, or each of its sheets, more or less than before. */
export function BudgetDialog({ job, scope }: BudgetDialogProps) {
  const { bridge, store } = useApp()
  const budget = job.budgets.find((one) => one.scope === scope)
  const [tokens, setTokens] = useState(budget?.tokens ? formatNumber(budget.tokens.limit) : '')
  const [usd, setUsd] = useState(budget?.usd ? formatNumber(budget.usd.limit) : '')
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const wanted = { tokens: read(tokens, TOKENS), usd: read(usd, USD) }
  const who = scope === 'job' ? 'the job' : 'each sheet'

  async function keep(): Promise<void> {
    setTried(true)
    if (busy || wanted.tokens === 'wrong' || wanted.usd === 'wrong') return
    setBusy(true)
    const limits = { tokens: wanted.tokens, usd: wanted.usd }
    const answer = await ask(bridge, 'jobs.setBudget', { jobId: job.id, scope, ...limits })
    setBusy(false)
    if (!answer.ok) {
      setRefused([answer.problem.message, answer.problem.remedy].filter(Boolean).join(' '))
      return
    }
    store.merge(answer.value)
    store.closeDialog()
    const parts = [
      limits.tokens !== null && `${formatTokens(limits.tokens)} tokens`,
      limits.usd !== null && formatCost(limits.usd),
    ]
    const allowed = parts.filter(Boolean).join(' and ')
    store.toast({
      tone: 'news',
      title: allowed === '' ? `No budget for ${who} any more` : `Budget of ${who}: ${allowed}`,
      message: answer.value.reason,
    })
  }

  return (
    <Dialog
      title={`Budget of ${scope === 'job' ? job.name : `each sheet of ${job.name}`}`}
      onClose={store.closeDialog}
      actions={
        <>
          <Button label="Leave it" onPress={store.closeDialog} />
          <Button kind="primary" label="Keep this budget" busy={busy} onPress={() => void keep()} />
        </>
      }
    >
      <p className="mb-3">
        {budget
          ? `Used so far: ${amountTexts(budget).join(', ')}${scope === 'sheet' ? ` (sheet ${budget.sheet})` : ''}.`
          : `So far ${who} may use any amount.`}
      </p>
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label="Tokens"
          kind="number"
          unit="tokens"
          autoFocus
          value={tokens}
          onChange={setTokens}
          hint="Empty: no limit"
          problem={tried && wanted.tokens === 'wrong' ? problemOf(tokens, TOKENS) : null}
          onEnter={() => void keep()}
        />
        <TextField
          label="US dollars"
          kind="number"
          unit="USD"
          value={usd}
          onChange={setUsd}
          hint="Empty: no limit"
          problem={tried && wanted.usd === 'wrong' ? problemOf(usd, USD) : null}
          onEnter={() => void keep()}
        />
      </div>
      <p className="mt-3">{outcome(job, budget, wanted)}</p>
      {usd !== '' && (job.usage.unpricedTokens ?? 0) > 0 && (
        <p className="mt-2 text-wait">
          {formatTokens(job.usage.unpricedTokens ?? 0)} tokens have no known price and count at $15 a million: a limit in tokens
          is surer.
        </p>
      )}
      {refused && (
        <p role="alert" className="mt-2 text-fail">
          {refused}
        </p>
      )}
    </Dialog>
  )
}

type Wanted = number | null | 'wrong'

/** Null where nothing stands: no limit. */
function read(text: string, bounds: NumberBounds): Wanted {
  if (text.trim() === '') return null
  const found = readNumber(text, bounds)
  return 'problem' in found ? 'wrong' : found.value
}

function problemOf(text: string, bounds: NumberBounds): string {
  const found = readNumber(text, bounds)
  return 'problem' in found ? `${found.problem} Empty is no limit.` : ''
}

function outcome(
  job: JobSummary,
  budget: JobSummary['budgets'][number] | undefined,
  wanted: { tokens: Wanted; usd: Wanted },
): string {
  if (wanted.tokens === 'wrong' || wanted.usd === 'wrong') return ''
  if (wanted.tokens === null && wanted.usd === null) return 'Without a budget nothing stops the job for what it uses.'
  const held = job.frozen?.by === 'budget' || (job.status === 'paused' && budget?.state === 'over')
  const used = budget?.scope === 'sheet' ? null : budget
  const stillOver = (limit: Wanted, amount: { used: number } | null | undefined) =>
    typeof limit === 'number' && amount && amount.used > limit
  const then = budget ? actionText(budget) : 'what the score says happens; by itself no further sheet starts'
  if (stillOver(wanted.tokens, used?.tokens) || stillOver(wanted.usd, used?.usd))
    return held ? 'More than this is used already: the job stays as it is.' : `More than this is used already: ${then}.`
  const ended = job.status === 'cancelled' || job.status === 'failed'
  const now = held ? 'The job goes on at once. ' : ended ? 'The job can be resumed then. ' : ''
  return `${now}When it is used up, ${then}.`
}
