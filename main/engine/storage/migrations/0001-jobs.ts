import type { Migration } from './migration.ts'

/**
 * Jobs with their sheets and attempts. `state` holds the full checkpoint as JSON (of a job without its sheets, of a sheet);
 * the other columns are for looking up and for people with a SQLite shell, and are always written together with it.
 * Times are epoch ms.
 */
export const jobs: Migration = {
  name: '0001-jobs',
  up: `
    CREATE TABLE jobs (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      status TEXT NOT NULL,
      version INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      completed_sheets INTEGER NOT NULL,
      total_sheets INTEGER NOT NULL,
      score_path TEXT NOT NULL,
      score TEXT NOT NULL,
      notes TEXT NOT NULL,
      chain_depth INTEGER NOT NULL,
      follows TEXT,
      state TEXT NOT NULL
    ) STRICT;
    CREATE INDEX jobs_by_age ON jobs (created_at);
    CREATE INDEX jobs_by_status ON jobs (status);

    CREATE TABLE sheets (
      job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
      number INTEGER NOT NULL,
      status TEXT NOT NULL,
      state TEXT NOT NULL,
      PRIMARY KEY (job_id, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE attempts (
      job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
      sheet INTEGER NOT NULL,
      number INTEGER NOT NULL,
      marker TEXT NOT NULL UNIQUE,
      folder TEXT NOT NULL,
      instrument TEXT NOT NULL,
      choice INTEGER NOT NULL,
      mode TEXT NOT NULL,
      pid INTEGER,
      process_start TEXT,
      started_at INTEGER NOT NULL,
      ended_at INTEGER,
      exit_status INTEGER,
      outcome TEXT,
      error_code TEXT,
      error_message TEXT,
      input_tokens INTEGER,
      output_tokens INTEGER,
      cache_read_tokens INTEGER,
      cache_write_tokens INTEGER,
      cost_usd REAL,
      PRIMARY KEY (job_id, sheet, number)
    ) STRICT, WITHOUT ROWID;
  `,
}
