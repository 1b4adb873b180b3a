import type { JobCommand, JobState } from './state.ts'
import { isInFlight, isTerminalJob, isTimed } from './statuses.ts'

const SENTENCES: Record<JobCommand, string> = {
  pause: 'Only a queued, running, waiting or frozen job can be paused',
  resume: 'Only a paused, interrupted, waiting, failed or cancelled job can be resumed',
  cancel: 'Only a job that is not finished can be cancelled',
  freeze: 'Only a job with a running sheet can be frozen',
  thaw: 'Only a frozen job can be thawed',
}

/** The user cancelled and its processes are not all gone yet. */
const isCancelling = ({ intent, status }: JobState): boolean => intent === 'cancel' && !isTerminalJob(status)

/** Whether the command makes sense in the job's status (Marianne §2.2–2.3, and case 1 of its list). */
export function isLegal(job: JobState, command: JobCommand): boolean {
  const cancelling = isCancelling(job)
  switch (command) {
    case 'pause':
      return !cancelling && (job.frozen !== null || ['queued', 'running', 'waiting', 'pausing'].includes(job.status))
    case 'resume':
      if (cancelling) return false
      if (job.status === 'waiting') return job.sheets.some(isTimed)
      return ['pausing', 'paused', 'interrupted', 'failed', 'cancelled'].includes(job.status)
    case 'cancel':
      return !['completed', 'failed', 'cancelled'].includes(job.status)
    case 'freeze':
      return !cancelling && (job.frozen !== null || job.sheets.some(isInFlight))
    case 'thaw':
      return job.frozen !== null
  }
}

/** The job is already as the command would have it: whoever asks twice is not told off. */
export function isGranted(job: JobState, command: JobCommand): boolean {
  const runs = job.status === 'running' || job.status === 'pausing'
  switch (command) {
    case 'pause':
      return job.intent === 'pause' && !isTerminalJob(job.status)
    case 'resume':
      return job.intent === 'run' && job.frozen === null && (job.status === 'queued' || job.status === 'running')
    case 'cancel':
      return job.status === 'cancelled'
    case 'freeze':
      return job.frozen !== null
    case 'thaw':
      return job.frozen === null && runs && !isCancelling(job)
  }
}

/** What to tell someone whose command is not legal; names the status. */
export function refusal(job: JobState, command: JobCommand): string {
  const status = isCancelling(job) ? 'being cancelled' : job.frozen ? 'frozen' : job.status
  return `${SENTENCES[command]}; this one is ${status}.`
}
