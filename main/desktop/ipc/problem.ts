import type { Problem } from '../../../preload/contract.ts'
import { FermataError, ScoreError } from '../../engine/index.ts'

/** An error as data for the window. Errors nobody raised on purpose keep their text, marked as Fermata's own fault. */
export function problemOf(error: unknown): Problem {
  if (error instanceof FermataError) {
    return {
      code: error.code,
      message: error.message,
      remedy: error.remedy,
      file: error instanceof ScoreError ? error.file : null,
      findings:
        error instanceof ScoreError
          ? error.errors.map(({ line, column, message, remedy }) => ({ line, column, message, remedy }))
          : [],
    }
  }
  const text = error instanceof Error ? error.message : String(error)
  return { code: 'INTERNAL', message: `Something in Fermata went wrong: ${text}`, remedy: null, file: null, findings: [] }
}
