import { FermataError, ScoreError } from '../engine/index.ts'

/** One record of `--json` output for a run that came to nothing: `refused` when the score or the arguments are to blame. */
export interface ErrorRecord {
  readonly time: string
  readonly type: 'error'
  readonly jobId: null
  readonly event: 'refused' | 'failed'
  readonly data: {
    readonly code: string
    readonly message: string
    readonly remedy: string | null
    /** The refused score or template and every finding in it; lines and columns count from 1. */
    readonly file?: string
    readonly findings?: ScoreError['diagnostics']
  }
}

/** An error as a terminal shows it: what is wrong, then what to do. A refused score tells each of its findings. */
export function problemText(error: unknown): string {
  if (error instanceof ScoreError && error.errors.length > 0) {
    return error.errors
      .map(({ line, column, message, remedy }) => `${error.file}:${line}:${column}: ${message}\n${remedyText(remedy)}`)
      .join('')
  }
  if (error instanceof FermataError) return `fermata: ${error.message}\n${remedyText(error.remedy)}`
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `fermata: something unexpected happened. ${detail}\n`
}

/** @param now epoch ms */
export function problemRecord(error: unknown, event: ErrorRecord['event'], now: number): ErrorRecord {
  const known = error instanceof FermataError ? error : null
  return {
    time: new Date(now).toISOString(),
    type: 'error',
    jobId: null,
    event,
    data: {
      code: known?.code ?? 'UNEXPECTED',
      message: error instanceof Error ? error.message : String(error),
      remedy: known?.remedy ?? null,
      ...(error instanceof ScoreError ? { file: error.file, findings: error.errors } : {}),
    },
  }
}

const remedyText = (remedy: string | null) => (remedy === null ? '' : `  ${remedy}\n`)
