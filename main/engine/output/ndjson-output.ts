import type { OutputProtocol } from '../ports.ts'

type Data = Readonly<Record<string, unknown>>

/**
 * One line of NDJSON output. `time` is ISO 8601, UTC; `jobId` is null where no job is meant; `data` is an empty object when
 * there is nothing to say. What `event` and `data` are for jobs and sheets: `describe-event.ts`.
 */
export type OutputRecord = { readonly time: string; readonly jobId: string | null } & (
  | { readonly type: 'job'; readonly event: string; readonly data: Data }
  | { readonly type: 'sheet'; readonly sheet: number; readonly event: string; readonly data: Data }
  | {
      readonly type: 'progress'
      readonly event: 'progress'
      readonly data: { readonly completed: number; readonly total: number; readonly eta_seconds: number | null }
    }
  | {
      readonly type: 'log'
      readonly event: 'info' | 'warn' | 'error'
      readonly data: { readonly message: string; readonly [key: string]: unknown }
    }
)

/**
 * Marianne §5.1, "structured": every report as one JSON object on a line of its own.
 * @param write Gets whole lines, newline included.
 * @param now Epoch ms.
 */
export function createNdjsonOutput(write: (line: string) => void, now: () => number = Date.now): OutputProtocol {
  const time = () => new Date(now()).toISOString()
  const put = (record: OutputRecord) => write(`${JSON.stringify(record)}\n`)
  return {
    log: (level, message, context) =>
      put({ time: time(), type: 'log', jobId: null, event: level, data: { ...context, message } }),
    progress: (jobId, completed, total, eta) =>
      put({ time: time(), type: 'progress', jobId, event: 'progress', data: { completed, total, eta_seconds: eta } }),
    sheetEvent: (jobId, sheet, event, data = {}) => put({ time: time(), type: 'sheet', jobId, sheet, event, data }),
    jobEvent: (jobId, event, data = {}) => put({ time: time(), type: 'job', jobId, event, data }),
  }
}
