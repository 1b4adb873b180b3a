import type { JobState, SheetError } from './state.ts'
import { completedUpTo, isInFlight, isTimed } from './statuses.ts'

/** "21:00", or "Tue 21:00" when that is not today; the seconds only when they matter. */
function clockTime(at: number, now: number): string {
  const soon = at - now < 120_000
  const time = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(soon ? { second: '2-digit' } : {}),
  }).format(at)
  if (new Date(at).toDateString() === new Date(now).toDateString()) return time
  const day = new Intl.DateTimeFormat(
    'en-GB',
    at - now < 6 * 86_400_000 ? { weekday: 'short' } : { day: 'numeric', month: 'short' },
  ).format(at)
  return `${day} ${time}`
}

const place = (job: JobState): string => {
  const done = completedUpTo(job)
  return done === 0 ? 'before sheet 1' : `after sheet ${done}`
}

/** "sheet 3" or "sheets 3 and 4". */
function inFlight(job: JobState): string {
  const running = job.sheets.filter(isInFlight)
  const numbers = running.map(({ number }) => number)
  return numbers.length === 1 ? `sheet ${numbers[0]}` : `sheets ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`
}

/** The first letter goes up. */
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** An error inside a sentence of ours: without its own full stop. */
const because = (error: SheetError | null): string => error?.message.replace(/\.$/, '') ?? 'no reason given'

function waitingReason(job: JobState, instrument: string, now: number): string {
  const sheet = job.sheets.find(isTimed)
  if (!sheet || sheet.wakeAt === null) return 'Waiting'
  const at = clockTime(sheet.wakeAt, now)
  if (sheet.status === 'waiting') return `Waiting for ${instrument} (rate limit), resumes by itself at ${at}`
  return `Sheet ${sheet.number} failed (${because(sheet.error)}); attempt ${sheet.attempts + 1} starts at ${at}`
}

function runningReason(job: JobState, instrument: string): string {
  const [sheet] = job.sheets.filter(isInFlight)
  const attempt = sheet && sheet.attempts > 1 ? `, attempt ${sheet.attempts}` : ''
  return `${sentence(inFlight(job))} of ${job.sheets.length} on ${instrument}${attempt}`
}

function cancelledReason(job: JobState): string {
  const text = `Cancelled by you ${place(job)}`
  if (job.survivors.length === 0) return text
  const many = job.survivors.length > 1
  return `${text}; ${many ? 'processes' : 'process'} ${job.survivors.join(', ')} could not be ended`
}

/**
 * Why a job is as it is and what comes next, in plain words.
 *
 * @param blocked the dispatcher's reason, when the job waits for a slot
 * @param now epoch ms
 */
export function reasonFor(job: JobState, instrument: string, blocked: string | undefined, now: number): string {
  switch (job.status) {
    case 'queued':
      return blocked ?? 'About to start'
    case 'running':
      return job.intent === 'cancel' ? `Cancelling: ending ${inFlight(job)}` : runningReason(job, instrument)
    case 'pausing':
      return `Pauses when ${inFlight(job)} is done`
    case 'paused':
      if (job.hold === 'rate_limit')
        return `Paused ${place(job)}: ${instrument} met its rate limit again and again. Resume tries once more`
      return job.hold === 'signal_file' ? `Paused by its pause file ${place(job)}` : `Paused by you ${place(job)}`
    case 'waiting':
      return waitingReason(job, instrument, now)
    case 'interrupted':
      return `Stopped ${place(job)}: the running sheet was lost while Fermata was away. Resume runs it again`
    case 'completed':
      return job.sheets.length === 1 ? 'Its sheet is completed' : `All ${job.sheets.length} sheets are completed`
    case 'failed': {
      const failed = job.sheets.find(({ status }) => status === 'failed')
      return failed ? `Failed on sheet ${failed.number}: ${because(failed.error)}` : 'Failed'
    }
    case 'cancelled':
      return cancelledReason(job)
  }
}
