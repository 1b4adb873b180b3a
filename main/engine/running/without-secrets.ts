import type { AttemptRecord, JobRecord } from '../ports.ts'
import type { Redact } from '../redaction/redactor.ts'
import type { AttemptOutcome, JobEvent, ValidationSummary } from '../scheduling/state.ts'

/** What happened as it is decided on, kept and shown: what programs printed of it holds no secret. */
export function eventWithoutSecrets(event: JobEvent, redact: Redact): JobEvent {
  switch (event.type) {
    case 'attempt_ended':
      return { ...event, outcome: outcomeWithoutSecrets(event.outcome, redact) }
    case 'attempt_started':
      return event.warning ? { ...event, warning: redact(event.warning) } : event
    case 'skip':
    case 'hold':
      return { ...event, reason: redact(event.reason) }
    case 'hooks_ended':
      return event.error === null ? event : { ...event, error: redact(event.error) }
    default:
      return event
  }
}

function outcomeWithoutSecrets(outcome: AttemptOutcome, redact: Redact): AttemptOutcome {
  switch (outcome.kind) {
    case 'succeeded':
      return { ...outcome, validation: checksWithoutSecrets(outcome.validation, redact) }
    case 'failed': {
      const { error, validation } = outcome
      return {
        ...outcome,
        error: { ...error, message: redact(error.message) },
        validation: checksWithoutSecrets(validation, redact),
      }
    }
    case 'rate_limited':
      return { ...outcome, message: redact(outcome.message) }
    default:
      return outcome
  }
}

const checksWithoutSecrets = (checks: ValidationSummary | null, redact: Redact): ValidationSummary | null =>
  checks && { ...checks, failures: checks.failures.map(redact) }

/** An attempt as it is kept. */
export const recordWithoutSecrets = (record: AttemptRecord, redact: Redact): AttemptRecord =>
  record.errorMessage === null ? record : { ...record, errorMessage: redact(record.errorMessage) }

/** A job as it is kept: what was found in its score is quoted in its notes. */
export const jobWithoutSecrets = (job: JobRecord, redact: Redact): JobRecord => ({
  ...job,
  notes: job.notes.map((note) => ({ ...note, message: redact(note.message), remedy: note.remedy && redact(note.remedy) })),
})
