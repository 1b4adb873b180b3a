import { expect } from 'vitest'
import type { JobDetail } from '../../../main/engine/index.ts'
import type { LedgerLine } from '../../support/ledger.ts'
import type { Given } from './promises.ts'

/** Holds what Fermata tells of a job that is over against what its agents wrote down. */
export function checkLedger(all: readonly LedgerLine[], job: JobDetail, given: readonly Given[]): void {
  const lines = all.filter((line) => line.job === job.id && line.sheet > 0)
  const orders = given.filter((order) => order.job === job.id)
  checkAttempts(lines, job.id)
  for (const { number, status } of job.sheets) {
    const own = lines.filter(({ sheet }) => sheet === number)
    const where = `${job.id}: sheet ${number} is ${status}`
    const ordered = orders.filter(({ sheet }) => sheet === number)
    checkRepeats(own, ordered, where)
    if (status === 'completed') expect(own.at(-1)?.what, where).toBe('done')
    else if (status === 'skipped') expect(ordered.filter(isOr('skipSheet')), where).not.toEqual([])
    else expect([status, job.status], where).toEqual(['cancelled', 'cancelled'])
  }
  const used = lines.reduce((sum, { tokens }) => sum + tokens, 0)
  expect(job.usage.inputTokens, `tokens of ${job.id}`).toBe(used)
}

/** No two attempts of a sheet at once, and none twice. */
function checkAttempts(lines: readonly LedgerLine[], job: string): void {
  const open = new Map<number, number>()
  const begun = new Set<string>()
  for (const { what, sheet, attempt } of lines) {
    const key = `${sheet}/${attempt}`
    if (what === 'begin') {
      expect(open.has(sheet), `${job}: two attempts of sheet ${sheet} at once`).toBe(false)
      expect(begun.has(key), `${job}: attempt ${attempt} of sheet ${sheet} twice`).toBe(false)
      begun.add(key)
      open.set(sheet, attempt)
      continue
    }
    // Whoever is told to stop before it has begun says so all the same.
    if (what === 'ended' && !begun.has(key)) continue
    expect(open.get(sheet), `${job}: sheet ${sheet} ends`).toBe(attempt)
    open.delete(sheet)
  }
  expect([...open], `${job}: attempts that never ended`).toEqual([])
}

/** What was done is done again only where its user had that very attempt ended, or may have. */
function checkRepeats(own: readonly LedgerLine[], orders: readonly Given[], where: string): void {
  const done = own.filter(({ what }) => what === 'done').map(({ attempt }) => attempt)
  const unexplained = done.slice(0, -1).filter((attempt) => !orders.some((order) => endedBy(order, attempt)))
  const unknown = orders.filter(({ answer }) => answer === null)
  expect(unexplained.length, `${where}, done in attempts ${done}`).toBeLessThanOrEqual(unknown.length)
  const retries = orders.filter(isOr('retrySheet'))
  expect(done.length, `${where}, done in attempts ${done}`).toBeLessThanOrEqual(1 + retries.length)
}

function endedBy({ answer, sheet }: Given, attempt: number): boolean {
  const before = answer?.taken ? answer.before.sheets[sheet - 1] : undefined
  return before !== undefined && before.attempts === attempt && ['dispatched', 'in_progress'].includes(before.status)
}

/** Whether it was taken, or may have been. */
const isOr =
  (wanted: Given['name']) =>
  ({ name, answer }: Given): boolean =>
    name === wanted && (answer === null || answer.taken)
