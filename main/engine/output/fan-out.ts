import type { OutputProtocol } from '../ports.ts'

/** Marianne §5.2: whoever fails this often in a row is asked no more. */
const MAX_CONSECUTIVE_FAILURES = 10

/**
 * Reports to all of `outputs`. One that throws hurts neither the caller nor the others, and is left out for good after ten
 * failures in a row.
 * @param onDisabled Told once of each output left out, with what it threw last.
 */
export function fanOut(
  outputs: readonly OutputProtocol[],
  onDisabled: (output: OutputProtocol, error: unknown) => void,
): OutputProtocol {
  const failures = new Map(outputs.map((output) => [output, 0]))
  const each = (report: (output: OutputProtocol) => void) => {
    for (const [output, failed] of failures) {
      try {
        report(output)
        failures.set(output, 0)
      } catch (error) {
        failures.set(output, failed + 1)
        if (failed + 1 < MAX_CONSECUTIVE_FAILURES) continue
        failures.delete(output)
        onDisabled(output, error)
      }
    }
  }
  return {
    log: (level, message, context) => each((output) => output.log(level, message, context)),
    progress: (jobId, completed, total, eta) => each((output) => output.progress(jobId, completed, total, eta)),
    sheetEvent: (jobId, sheet, event, data) => each((output) => output.sheetEvent(jobId, sheet, event, data)),
    jobEvent: (jobId, event, data) => each((output) => output.jobEvent(jobId, event, data)),
  }
}
