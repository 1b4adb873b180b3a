import type { Budget, BudgetAction, JobState, SheetState, Usage } from './state.ts'
import { isInFlight, isSatisfied } from './statuses.ts'
import { unpriced } from './usage.ts'

/** A budget that is used up, or of which nobody can tell any more whether it is. */
export interface Overrun {
  readonly scope: 'sheet' | 'job'
  /** The sheet that is over its budget, or whose figures are missing. */
  readonly sheet: number | null
  readonly measure: 'tokens' | 'usd' | 'unknown'
  readonly used: number
  readonly limit: number
  readonly action: Budget['action']
}

/** What was used of a budget, in tokens and in USD at most. */
export interface Spent {
  readonly tokens: number
  readonly usd: number
}

const NOTHING: Spent = { tokens: 0, usd: 0 }

/** Tokens that count against a budget: what was newly read and written. Cache reads would count one text many times. */
export const tokensOf = (usage: Usage): number => usage.inputTokens + usage.cacheWriteTokens + usage.outputTokens

/** USD for a token whose price nobody knows, as far as budgets go: Marianne's rate for output. What is unknown is not free. */
const UNKNOWN_PRICE = 0.015 / 1000

/** A budget must hold whatever is not known yet: of a range its upper end counts. */
export const usedOf = (usage: Usage): Spent => ({
  tokens: tokensOf(usage),
  usd: (usage.costRange?.[1] ?? usage.costUsd ?? 0) + unpriced(usage) * UNKNOWN_PRICE,
})

const add = (a: Spent, b: Spent): Spent => ({ tokens: a.tokens + b.tokens, usd: a.usd + b.usd })

export const spentBySheet = (sheet: SheetState): Spent =>
  sheet.live === null ? usedOf(sheet.usage) : add(usedOf(sheet.usage), usedOf(sheet.live))

export const spentByJob = ({ sheets }: Pick<JobState, 'sheets'>): Spent =>
  sheets.reduce((sum, sheet) => add(sum, spentBySheet(sheet)), NOTHING)

function excess(budget: Budget, spent: Spent): Pick<Overrun, 'measure' | 'used' | 'limit'> | null {
  for (const measure of ['tokens', 'usd'] as const) {
    const limit = budget[measure]
    if (limit !== null && spent[measure] > limit) return { measure, used: spent[measure], limit }
  }
  return null
}

const isSet = ({ tokens, usd }: Budget): boolean => tokens !== null || usd !== null

/** The job has used up its own budget (Marianne §7.8, for tokens as well). */
export function jobOverrun(job: JobState): Overrun | null {
  const budget = job.policy.budgets.job
  if (!isSet(budget)) return null
  const over = excess(budget, spentByJob(job))
  return over && { scope: 'job', sheet: null, action: budget.action, ...over }
}

/** The sheet has used more than the score allows one. */
export function sheetOverrun({ policy }: Pick<JobState, 'policy'>, sheet: SheetState): Overrun | null {
  const budget = policy.budgets.sheet
  const over = isSet(budget) ? excess(budget, spentBySheet(sheet)) : null
  return over && { scope: 'sheet', sheet: sheet.number, action: budget.action, ...over }
}

/** A sheet with a budget whose figures stopped: it is taken to be used up, unless its user or the score says otherwise. */
function silentOverrun({ policy }: JobState, sheet: SheetState): Overrun | null {
  const { budgets } = policy
  if (sheet.unmetered !== 'yes' || budgets.whenSilent === 'go_on') return null
  const set = (['job', 'sheet'] as const).filter((scope) => isSet(budgets[scope]))
  const [scope] = set.toSorted((a, b) => strictness(budgets[b].action) - strictness(budgets[a].action))
  return scope === undefined
    ? null
    : { scope, sheet: sheet.number, measure: 'unknown', used: 0, limit: 0, action: budgets[scope].action }
}

const STRICTEST_LAST: readonly BudgetAction[] = ['notify', 'pause', 'freeze', 'cancel']
const strictness = (action: BudgetAction): number => STRICTEST_LAST.indexOf(action)

/**
 * Why the job must not spend more just now, what asks for most first; budgets that only tell keep nobody from anything. Sheets
 * that neither run nor may start are past caring.
 */
export function overrunsOf(job: JobState): readonly Overrun[] {
  const { budgets } = job.policy
  if (!isSet(budgets.job) && !isSet(budgets.sheet)) return []
  const going = job.sheets.filter((sheet) => isInFlight(sheet) || sheet.status === 'ready')
  return [jobOverrun(job), ...going.flatMap((sheet) => [sheetOverrun(job, sheet), silentOverrun(job, sheet)])]
    .filter((over) => over !== null)
    .filter(({ action }) => action !== 'notify')
    .toSorted((a, b) => strictness(b.action) - strictness(a.action))
}

/** The one of them that asks for most; null when the job may spend more. */
export const overrunOf = (job: JobState): Overrun | null => overrunsOf(job)[0] ?? null

/** How far a budget is used up, in percent of its tighter limit. */
function percentOf(budget: Budget, spent: Spent): number {
  const shares = (['tokens', 'usd'] as const).map((measure) => {
    const limit = budget[measure]
    return limit === null ? 0 : (100 * spent[measure]) / limit
  })
  return Math.max(...shares)
}

/** A budget that a step crossed: the warning, or the limit of one whose user only wants to be told. */
export interface Crossing {
  readonly level: 'warning' | 'limit'
  readonly text: string
}

function crossing(name: string, budget: Budget, before: Spent, after: Spent): Crossing | null {
  if (!isSet(budget)) return null
  const [was, is] = [percentOf(budget, before), percentOf(budget, after)]
  const text = `${name} has used ${usedText(budget, after)}`
  if (was <= 100 && is > 100) return budget.action === 'notify' ? { level: 'limit', text } : null
  return was < budget.warnPercent && is >= budget.warnPercent && is <= 100 ? { level: 'warning', text } : null
}

/** What the step from `before` to `after` crossed that its user wants to know of. */
export function crossings(before: JobState, after: JobState): readonly Crossing[] {
  const { budgets } = after.policy
  const found = [crossing('The job', budgets.job, spentByJob(before), spentByJob(after))]
  if (isSet(budgets.sheet))
    for (const [index, sheet] of after.sheets.entries()) {
      const old = before.sheets[index]
      if (!old || (old.usage === sheet.usage && old.live === sheet.live)) continue
      found.push(crossing(`Sheet ${sheet.number}`, budgets.sheet, spentBySheet(old), spentBySheet(sheet)))
    }
  return found.filter((one) => one !== null)
}

/** Whether scheduling has to be told what the running attempt of a sheet used so far: something is crossed by it. */
export function isWorthTelling(job: JobState, number: number, live: Usage): boolean {
  const sheet = job.sheets[number - 1]
  if (!sheet || !isInFlight(sheet)) return false
  const { budgets } = job.policy
  if (!isSet(budgets.job) && !isSet(budgets.sheet)) return false
  const after = { ...job, sheets: job.sheets.with(number - 1, { ...sheet, live }) }
  if (crossings(job, after).length > 0) return true
  const known = new Set(overrunsOf(job).map(nameOf))
  return overrunsOf(after).some((over) => !known.has(nameOf(over)))
}

const nameOf = ({ scope, sheet, measure }: Overrun): string => `${scope} ${sheet} ${measure}`

const usd = (amount: number): string => `$${amount.toFixed(2)}`
const count = (tokens: number): string => Math.round(tokens).toLocaleString('en-US')

/** "82,000 of 100,000 tokens", "$1.60 of $2.00" of the limit that is nearer. */
function usedText(budget: Budget, { tokens, usd: cost }: Spent): string {
  const byTokens = budget.tokens === null ? 0 : tokens / budget.tokens
  const byCost = budget.usd === null ? 0 : cost / budget.usd
  return budget.tokens !== null && byTokens >= byCost
    ? `${count(tokens)} of ${count(budget.tokens)} tokens`
    : `${usd(cost)} of ${usd(budget.usd ?? 0)}`
}

/** What is used up, as a sentence without its end. */
export function overrunText({ scope, sheet, measure, used, limit }: Overrun): string {
  const who = scope === 'sheet' ? `sheet ${sheet}` : 'it'
  if (measure === 'unknown') return `nobody can tell any more what sheet ${sheet} uses: it stopped reporting`
  const amounts = measure === 'usd' ? `${usd(used)} of ${usd(limit)}` : `${count(used)} of ${count(limit)} tokens`
  return `${who} used ${amounts}`
}

/**
 * Why the job cannot go on as its budgets are, as a sentence; null when it can. Figures that are missing are no reason: whoever
 * resumes it then accepts that.
 */
export function budgetRefusal(job: JobState): string | null {
  const toGoOn = job.sheets.filter((sheet) => !isSatisfied(sheet))
  const overruns = [jobOverrun(job), ...toGoOn.map((sheet) => sheetOverrun(job, sheet))]
  const over = overruns.find((one) => one !== null && one.action !== 'notify')
  return over ? `The budget is used up: ${overrunText(over)}.` : null
}
