import type { Migration } from './migration.ts'

/**
 * What each attempt used on each day of its user's calendar (`YYYY-MM-DD`), kept when its job is gone: the budget of a day and
 * the usage page are counted from it. And an attempt's usage as JSON, with how sure it is. Tokens, USD.
 */
export const usageDays: Migration = {
  name: '0005-usage-days',
  up: `
    ALTER TABLE attempts ADD COLUMN usage TEXT;

    CREATE TABLE usage_days (
      day TEXT NOT NULL,
      marker TEXT NOT NULL,
      job_id TEXT NOT NULL,
      job_name TEXT NOT NULL,
      sheet INTEGER NOT NULL,
      instrument TEXT NOT NULL,
      model TEXT,
      usage TEXT NOT NULL,
      PRIMARY KEY (day, marker)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX usage_days_by_marker ON usage_days (marker);
  `,
}
