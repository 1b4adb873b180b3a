import { z } from 'zod'
import { StorageError } from '../errors.ts'
import type { AttemptRecord, JobRecord, JobStore } from '../ports.ts'
import { graphOf } from '../scheduling/graph.ts'
import type { JobState, SheetState } from '../scheduling/state.ts'
import { planScore } from '../score/plan.ts'
import { findState } from './backends/find-state.ts'
import { createJsonBackend } from './backends/json-backend.ts'
import type { OpenDatabase } from './database.ts'
import { attemptFromRow, attemptToRow, jobRow, jobStateAlone, notes, scoreFromText, sheetState } from './rows.ts'
import { guarded } from './sqlite-problem.ts'
import { prepareStatements } from './statements.ts'

export interface JobStoreOptions {
  /** Told of each job that `list` leaves out because its rows cannot be read: one broken job hides no other. */
  onProblem(message: string, error: StorageError): void
}

/**
 * The durable truth about jobs and attempts, in SQLite. Every call is one transaction and throws a StorageError when it
 * cannot be carried out; nothing is half written then.
 */
export function createJobStore(database: OpenDatabase, { onProblem }: JobStoreOptions): JobStore {
  const { db, file } = database
  const statements = prepareStatements(db)
  /** Each of these runs whole or not at all, and throws StorageErrors only. */
  const atomic = <A extends unknown[], R>(work: (...args: A) => R) => {
    const transaction = db.transaction(work)
    return (...args: A): R => guarded(file, () => transaction.immediate(...args))
  }
  /** Sees one state of all tables, also while another program writes. */
  const reading = <A extends unknown[], R>(work: (...args: A) => R) => {
    const transaction = db.transaction(work)
    return (...args: A): R => guarded(file, () => transaction.deferred(...args))
  }

  const writeSheets = (jobId: string, sheets: readonly SheetState[]) => {
    for (const sheet of sheets) {
      statements.upsertSheet.run({ job_id: jobId, number: sheet.number, status: sheet.status, state: JSON.stringify(sheet) })
    }
  }

  const readJob = (row: unknown): JobRecord => {
    const { id, total_sheets, ...columns } = jobRow.parse(row)
    const sheetRows = statements.sheets.all(id)
    try {
      // A job that lost a sheet would pass for finished too early.
      if (sheetRows.length !== total_sheets) throw new RangeError(`${sheetRows.length} of ${total_sheets} sheets are there`)
      const sheets = sheetRows.map((text) => sheetState.parse(JSON.parse(String(text))))
      const score = scoreFromText(columns.score)
      const plan = planScore(score)
      if (plan.sheets.length !== total_sheets) throw new RangeError('The score has another number of sheets')
      return {
        state: { ...jobStateAlone.parse(JSON.parse(columns.state)), sheets, graph: graphOf(plan) },
        score,
        plan,
        notes: notes.parse(JSON.parse(columns.notes)),
        chainDepth: columns.chain_depth,
        follows: columns.follows,
        scorePath: columns.score_path,
      }
    } catch (cause) {
      throw unreadable(file, `job "${id}"`, cause)
    }
  }

  return {
    insert: atomic((job: JobRecord) => {
      statements.insertJob.run({
        ...jobColumns(job.state),
        ...scoreColumns(job),
        created_at: job.state.createdAt,
        chain_depth: job.chainDepth,
        follows: job.follows,
      })
      writeSheets(job.state.id, job.state.sheets)
    }),

    commit: atomic((previous: JobState, next: JobState, attempt?: AttemptRecord) => {
      const { changes } = statements.updateJob.run({ ...jobColumns(next), previous_version: previous.version })
      if (changes === 0) {
        throw new StorageError('JOB_CHANGED', `The stored job "${next.id}" is gone or not the one that was changed.`)
      }
      const before = new Set(previous.sheets)
      writeSheets(
        next.id,
        next.sheets.filter((sheet) => !before.has(sheet)),
      )
      if (attempt) statements.upsertAttempt.run(attemptToRow(attempt))
    }),

    replace: atomic((previous: JobState, next: JobRecord) => {
      const { changes } = statements.updateJob.run({ ...jobColumns(next.state), previous_version: previous.version })
      if (changes === 0)
        throw new StorageError('JOB_CHANGED', `The stored job "${next.state.id}" is gone or not the one that was changed.`)
      statements.updateScore.run({ id: next.state.id, ...scoreColumns(next) })
      writeSheets(next.state.id, next.state.sheets)
    }),

    saveAttempt: atomic((attempt: AttemptRecord) => {
      statements.upsertAttempt.run(attemptToRow(attempt))
    }),

    load: reading((jobId: string): JobRecord | null => {
      const row = statements.job.get(jobId)
      return row === undefined ? null : readJob(row)
    }),

    remove: atomic((jobId: string): boolean => statements.removeJob.run(jobId).changes > 0),

    list: reading((): readonly JobRecord[] =>
      statements.jobs.all().flatMap((row) => {
        try {
          return [readJob(row)]
        } catch (cause) {
          if (!(cause instanceof StorageError)) throw cause
          const rescued = rescue(row)
          onProblem(rescued ? `${cause.message} It was taken from the checkpoint in its workspace.` : cause.message, cause)
          return rescued ?? []
        }
      }),
    ),

    attempts: reading((jobId: string, sheet?: number): readonly AttemptRecord[] => {
      const rows = sheet === undefined ? statements.attemptsOfJob.all(jobId) : statements.attemptsOfSheet.all(jobId, sheet)
      try {
        return rows.map(attemptFromRow)
      } catch (cause) {
        throw unreadable(file, `an attempt of job "${jobId}"`, cause)
      }
    }),

    close: () => database.close(),
  }
}

/**
 * Where a damaged job may still be found (Marianne §2.5): in the checkpoint it keeps in its workspace. One that is behind would
 * repeat what is done, and could never be saved again.
 */
function rescue(row: unknown): JobRecord | null {
  try {
    const { id, version, score } = jobRow.parse(row)
    const { workspace } = workspaceOf.parse(JSON.parse(score))
    const job = findState([createJsonBackend(workspace)], id)?.job
    return job?.state.version === version ? job : null
  } catch {
    return null
  }
}

const workspaceOf = z.object({ workspace: z.string() })

function jobColumns(state: JobState) {
  const { sheets, graph: _, ...rest } = state
  return {
    id: state.id,
    status: state.status,
    version: state.version,
    completed_sheets: sheets.filter((sheet) => sheet.status === 'completed').length,
    total_sheets: sheets.length,
    state: JSON.stringify(rest),
  }
}

function scoreColumns({ score, scorePath, notes }: JobRecord) {
  return { name: score.name, score_path: scorePath, score: JSON.stringify(score), notes: JSON.stringify(notes) }
}

function unreadable(file: string, what: string, cause: unknown): StorageError {
  return new StorageError('ROW_UNREADABLE', `What ${file} holds about ${what} cannot be read.`, {
    remedy: 'The other jobs are not affected. Submit its score again, or restore a backup of the file.',
    cause,
  })
}
