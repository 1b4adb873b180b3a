import { JobSubmissionError } from '../errors.ts'
import type { JobService } from '../job-service.ts'
import { prepareWorkspace } from '../running/submission.ts'
import { stationAt } from '../scheduling/graph.ts'
import { sheetRefusal } from '../scheduling/sheet-commands.ts'
import type { FermataDecision, SheetCommand } from '../scheduling/state.ts'
import { isTerminalJob } from '../scheduling/statuses.ts'
import type { Desk } from './desk.ts'
import { refuseTwin } from './neighbours.ts'
import type { ServiceParts } from './parts.ts'
import { createSurvivors } from './survivors.ts'

const DECISIONS: readonly FermataDecision[] = ['accept', 'retry', 'skip', 'fail']

/** The commands for single sheets. */
export function createSheetControl(parts: ServiceParts, desk: Desk): Pick<JobService, 'decide' | 'retrySheet' | 'skipSheet'> {
  const { conductor, limits } = parts
  const survivors = createSurvivors(parts, desk)

  function assertLegal(jobId: string, sheet: number, command: SheetCommand): void {
    const refused = sheetRefusal(desk.find(jobId).state, sheet, command)
    if (refused !== null) throw new JobSubmissionError('ILLEGAL_IN_STATUS', refused)
  }

  /** A job that is over goes on with it. */
  async function reopen(jobId: string): Promise<void> {
    const { state, score, scorePath } = desk.find(jobId)
    if (!isTerminalJob(state.status)) return
    refuseTwin(conductor, scorePath, score.workspace)
    await prepareWorkspace(score.workspace)
  }

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
      assertLegal(jobId, number, 'retry')
      await reopen(jobId)
      await survivors.refuse(jobId)
      const { state } = desk.find(jobId)
      const sheet = state.sheets[number - 1]
      // "Now" means now, whatever the instrument said.
      if (sheet?.status === 'waiting') limits.clear(stationAt(state, sheet).instrument)
      conductor.apply(jobId, { type: 'retry_sheet', sheet: number })
      return desk.summary(jobId)
    },
    async skipSheet(jobId, number) {
      assertLegal(jobId, number, 'skip')
      await reopen(jobId)
      conductor.apply(jobId, { type: 'skip_sheet', sheet: number })
      return desk.summary(jobId)
    },
  }
}
