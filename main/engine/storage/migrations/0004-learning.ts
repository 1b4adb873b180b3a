import type { Migration } from './migration.ts'

/**
 * How attempts went that came to an end of their own, for forecasts; kept when their jobs are gone, and the user's to delete.
 * `sheet` is the sheet's place in words that survive a change of the score. Times are epoch ms, durations ms, costs USD.
 */
export const learning: Migration = {
  name: '0004-learning',
  up: `
    CREATE TABLE outcomes (
      id INTEGER PRIMARY KEY,
      score TEXT NOT NULL,
      sheet TEXT NOT NULL,
      instrument TEXT NOT NULL,
      model TEXT,
      attempt INTEGER NOT NULL,
      succeeded INTEGER NOT NULL,
      error_code TEXT,
      error_message TEXT,
      duration_ms INTEGER NOT NULL,
      tokens INTEGER,
      cost_usd REAL,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX outcomes_by_sheet ON outcomes (score, sheet, instrument, model, id);
    CREATE INDEX outcomes_by_instrument ON outcomes (instrument, model, id);
  `,
}
