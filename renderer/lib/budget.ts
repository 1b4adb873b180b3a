import type { Budget } from '../../preload/contract.ts'
import { formatCost, formatTokens } from './format.ts'
import type { Role } from './status.ts'

/** What happens when a budget of a job or of each sheet is used up. */
const OF_JOB: Readonly<Record<Budget['action'], string>> = {
  notify: 'you are told, and the job goes on',
  pause: 'no further sheet starts',
  freeze: 'the job freezes at once',
  cancel: 'the job is cancelled at once',
}

const OF_DAY: Readonly<Record<Budget['action'], string>> = {
  notify: 'you are told, and the jobs go on',
  pause: 'nothing more starts until midnight',
  freeze: 'the jobs freeze until midnight',
  cancel: 'the jobs that run are cancelled',
}

/** What happens when it is used up, as the end of a sentence. */
export const actionText = ({ scope, action }: Pick<Budget, 'scope' | 'action'>): string =>
  (scope === 'day' ? OF_DAY : OF_JOB)[action]

/** `82 k of 100 k tokens`, `$ 1.60 of $ 2.00`. */
export function amountTexts({ tokens, usd }: Budget): readonly string[] {
  return [
    ...(tokens ? [`${formatTokens(tokens.used)} of ${formatTokens(tokens.limit)} tokens`] : []),
    ...(usd ? [`${formatCost(usd.used)} of ${formatCost(usd.limit)}`] : []),
  ]
}

/** The colour of its bar. */
export const ROLE_OF_BUDGET: Readonly<Record<Budget['state'], Role>> = { ok: 'run', warned: 'wait', over: 'fail' }

/** `The job`, `Sheet 3`. */
export const ownerOf = ({ scope, sheet }: Budget): string =>
  scope === 'sheet' && sheet !== null ? `Sheet ${sheet}` : scope === 'day' ? 'Today' : 'The job'
