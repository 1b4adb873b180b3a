import type { Database, Statement } from 'better-sqlite3'

type Name =
  | 'insertJob'
  | 'updateJob'
  | 'updateScore'
  | 'upsertSheet'
  | 'upsertAttempt'
  | 'job'
  | 'removeJob'
  | 'jobs'
  | 'sheets'
  | 'attemptsOfJob'
  | 'attemptsOfSheet'

/** Every statement the store runs, compiled once. What they return is checked by whoever asked. */
export function prepareStatements(db: Database): Readonly<Record<Name, Statement>> {
  // A row's time is the machine's: it tells a person when it was written, and nothing is decided by it.
  const now = "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
  return {
    insertJob: db.prepare(`
      INSERT INTO jobs (id, name, status, version, created_at, updated_at, completed_sheets, total_sheets, score_path, score, notes, chain_depth, follows, state)
      VALUES (@id, @name, @status, @version, @created_at, ${now}, @completed_sheets, @total_sheets, @score_path, @score, @notes, @chain_depth, @follows, @state)`),
    // The version guards against a change made from a state that is no longer the stored one.
    updateJob: db.prepare(`
      UPDATE jobs SET status = @status, version = @version, updated_at = ${now},
        completed_sheets = @completed_sheets, total_sheets = @total_sheets, state = @state
      WHERE id = @id AND version = @previous_version`),
    updateScore: db.prepare(
      'UPDATE jobs SET name = @name, score_path = @score_path, score = @score, notes = @notes WHERE id = @id',
    ),
    upsertSheet: db.prepare(`
      INSERT INTO sheets (job_id, number, status, state) VALUES (@job_id, @number, @status, @state)
      ON CONFLICT (job_id, number) DO UPDATE SET status = excluded.status, state = excluded.state`),
    upsertAttempt: db.prepare(`
      INSERT INTO attempts (job_id, sheet, number, marker, folder, instrument, choice, mode, pid, process_start, started_at,
        started_awake, still_ms, frozen_awake, ended_at, exit_status, outcome, error_code, error_message, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_usd, usage)
      VALUES (@job_id, @sheet, @number, @marker, @folder, @instrument, @choice, @mode, @pid, @process_start, @started_at,
        @started_awake, @still_ms, @frozen_awake, @ended_at, @exit_status, @outcome, @error_code, @error_message, @input_tokens, @output_tokens, @cache_read_tokens, @cache_write_tokens, @cost_usd, @usage)
      ON CONFLICT (job_id, sheet, number) DO UPDATE SET marker = excluded.marker, folder = excluded.folder,
        instrument = excluded.instrument, choice = excluded.choice, mode = excluded.mode, pid = excluded.pid, process_start = excluded.process_start,
        started_at = excluded.started_at, started_awake = excluded.started_awake,
        still_ms = excluded.still_ms, frozen_awake = excluded.frozen_awake, ended_at = excluded.ended_at, exit_status = excluded.exit_status,
        outcome = excluded.outcome, error_code = excluded.error_code, error_message = excluded.error_message,
        input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens,
        cache_read_tokens = excluded.cache_read_tokens, cache_write_tokens = excluded.cache_write_tokens,
        cost_usd = excluded.cost_usd, usage = excluded.usage`),
    job: db.prepare(
      'SELECT id, version, total_sheets, score_path, score, notes, chain_depth, follows, state FROM jobs WHERE id = ?',
    ),
    removeJob: db.prepare('DELETE FROM jobs WHERE id = ?'),
    jobs: db.prepare(
      'SELECT id, version, total_sheets, score_path, score, notes, chain_depth, follows, state FROM jobs ORDER BY created_at DESC, rowid DESC',
    ),
    sheets: db.prepare('SELECT state FROM sheets WHERE job_id = ? ORDER BY number').pluck(),
    attemptsOfJob: db.prepare('SELECT * FROM attempts WHERE job_id = ? ORDER BY sheet, number'),
    attemptsOfSheet: db.prepare('SELECT * FROM attempts WHERE job_id = ? AND sheet = ? ORDER BY number'),
  }
}
