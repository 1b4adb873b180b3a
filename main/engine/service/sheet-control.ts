import { JobSubmissionError } from '../errors.ts'
import type { JobService } from '../job-service.ts'
import { prepareWorkspace } from '../running/submission.ts'
import { isSheetGranted, sheetRefusal } from '../scheduling/sheet-commands.ts'
import type { FermataDecision, SheetCommand } from '../scheduling/state.ts'
import { isTerminalJob } from '../scheduling/statuses.ts'
import { refuseSpentSheet } from './budgets.ts'
import type { Desk } from './desk.ts'
import { goOnNow } from './limits.ts'
import { refuseTwin } from './neighbours.ts'
import type { ServiceParts } from './parts.ts'
import { createSurvivors } from './survivors.ts'

const DECISIONS: readonly FermataDecision[] = ['accept', 'retry', 'skip', 'fail']

/** The commands for single sheets. */
export function createSheetControl(parts: ServiceParts, desk: Desk): Pick<JobService, 'decide' | 'retrySheet' | 'skipSheet'> {
  const { conductor } = parts
  const survivors = createSurvivors(parts, desk)

  /**
   * To be asked again after every wait, right before the command is carried out. A job that is over goes on with it: there must
   * be no other in its place.
   */
  function assertLegal(jobId: string, sheet: number, command: SheetCommand): void {
    const { state, score, scorePath } = desk.find(jobId)
    const refused = sheetRefusal(state, sheet, command)
    if (refused !== null) throw new JobSubmissionError('ILLEGAL_IN_STATUS', refused)
    if (isTerminalJob(state.status)) refuseTwin(conductor, scorePath, score.workspace)
  }

  /** A job that is over goes on with it. */
  async function reopen(jobId: string): Promise<void> {
    const { state, score } = desk.find(jobId)
    if (isTerminalJob(state.status)) await prepareWorkspace(score.workspace)
  }

  const isGranted = (jobId: string, sheet: number, command: SheetCommand): boolean =>
    isSheetGranted(desk.find(jobId).state, sheet, command)

  return {
    async decide(jobId, sheet, decision) {
      const { state } = desk.find(jobId)
      if (!DECISIONS.includes(decision)) throw new JobSubmissionError('DECISION', `A decision is one of ${DECISIONS.join(', ')}.`)
      const status = state.sheets[sheet - 1]?.status
      if (status !== 'fermata') {
        const why = status === undefined ? 'the job has no such sheet' : `it is ${status}`
        throw new JobSubmissionError('ILLEGAL_IN_STATUS', `Sheet ${sheet} does not wait for a decision: ${why}.`)
      }
      conductor.apply(jobId, { type: 'decision', sheet, decision })
      return desk.summary(jobId)
    },
    async retrySheet(jobId, number) {
      if (isGranted(jobId, number, 'retry')) return desk.summary(jobId)
      assertLegal(jobId, number, 'retry')
      refuseSpentSheet(desk.find(jobId).state, number)
      await reopen(jobId)
      await survivors.refuse(jobId)
      if (isGranted(jobId, number, 'retry')) return desk.summary(jobId)
      assertLegal(jobId, number, 'retry')
      const { state } = desk.find(jobId)
      const sheet = state.sheets[number - 1]
      // "Now" means now, whatever the instrument said.
      if (sheet?.status === 'waiting') goOnNow(parts, state, sheet)
      conductor.apply(jobId, { type: 'retry_sheet', sheet: number })
      return desk.summary(jobId)
    },
    async skipSheet(jobId, number) {
      if (isGranted(jobId, number, 'skip')) return desk.summary(jobId)
      assertLegal(jobId, number, 'skip')
      await reopen(jobId)
      if (isGranted(jobId, number, 'skip')) return desk.summary(jobId)
      assertLegal(jobId, number, 'skip')
      conductor.apply(jobId, { type: 'skip_sheet', sheet: number })
      return desk.summary(jobId)
    },
  }
}
