import { expect } from 'vitest'
import type { JobStatus } from '../../../main/engine/index.ts'
import type { Ledger, LedgerLine } from '../../support/ledger.ts'
import type { Answer, Order } from '../../support/orders.ts'

/** An order, and what became of it. */
export interface Given extends Order {
  /** Null: Fermata was killed before it could be known. */
  readonly answer: Answer | null
}

/** Of this sheet no attempt beyond `most` begins before line `until` of the ledger. */
interface Bound {
  readonly job: string
  readonly sheet: number
  readonly most: number
  readonly why: Order['name'] | 'return' | 'done'
  until: number
}

/** As much of a sheet as its bound needs. */
export interface Begun {
  readonly job: string
  readonly number: number
  readonly attempts: number
}

const isOver = (status: JobStatus): boolean => ['completed', 'failed', 'cancelled'].includes(status)
const isForSheet = ({ name }: Order): boolean => name === 'retrySheet' || name === 'skipSheet'

/** What Fermata owes its user for the orders it took, to be held against what the agents wrote down. */
export function createPromises(ledger: Ledger) {
  const given: Given[] = []
  const bounds: Bound[] = []

  function bind(sheets: readonly Begun[], why: Bound['why']): void {
    for (const { job, number, attempts } of sheets)
      bounds.push({ job, sheet: number, most: attempts, why, until: Number.POSITIVE_INFINITY })
  }
  function release(job: string, at: number, which: (bound: Bound) => boolean): void {
    for (const bound of bounds) if (bound.job === job && which(bound)) bound.until = Math.min(bound.until, at)
  }
  const isHold = ({ why }: Bound): boolean => why === 'pause' || why === 'freeze' || why === 'return'

  /** What was taken, or may have been, lets go what was held. `at`: lines of the ledger when it was sent. */
  function freed(order: Order, answer: Answer | null, at: number): void {
    const { name, job, sheet } = order
    const reopens = isForSheet(order) && (answer === null || isOver(answer.before.status))
    if (name === 'resume' || reopens) release(job, at, isHold)
    if (name === 'retrySheet') release(job, at, (bound) => bound.why === 'skipSheet' && bound.sheet === sheet)
  }

  function note(order: Order, answer: Answer | null, at: number): void {
    given.push({ ...order, answer })
    if (answer === null || answer.taken) freed(order, answer, at)
    if (answer === null) return
    const { name, job, sheet } = order
    const sheets = answer.before.sheets.map((one) => ({ ...one, job }))
    bind(
      sheets.filter(({ status }) => status === 'completed'),
      'done',
    )
    if (!answer.taken) return
    if (name === 'cancel' || name === 'pause' || name === 'freeze') bind(sheets, name)
    if (name === 'skipSheet') bind(sheets.slice(sheet - 1, sheet), name)
  }

  return {
    given: given as readonly Given[],
    async give(order: Order, tell: (order: Order) => Promise<Answer>): Promise<void> {
      const at = ledger.read().length
      note(order, await tell(order), at)
    },
    /** It is sent, and nobody will hear the answer. */
    lose: (order: Order): void => note(order, null, ledger.read().length),
    /** Fermata comes back and asks its user first: nothing of these begins any more. */
    hold: (sheets: readonly Begun[]): void => bind(sheets, 'return'),
    check(lines: readonly LedgerLine[]): void {
      const misplaced = given.filter(
        ({ answer, sheet }) => answer?.taken && answer.before.sheets[sheet - 1]?.status === 'completed',
      )
      expect(misplaced, 'taken for a sheet that is done').toEqual([])
      for (const { job, sheet, most, why, until } of bounds) {
        const ours = lines.slice(0, until).filter((line) => line.job === job && line.sheet === sheet && line.what === 'begin')
        const beyond = ours.filter(({ attempt }) => attempt > most).map(({ attempt }) => attempt)
        expect(beyond, `${job}: attempts of sheet ${sheet} begun in spite of: ${why}`).toEqual([])
      }
    },
  }
}

export type Promises = ReturnType<typeof createPromises>
