import type { Migration } from './migration.ts'

/** What keeps an instrument from being used, over all jobs: rate limits, rests, refusals. `state` is JSON, its times epoch ms. */
export const limits: Migration = {
  name: '0003-limits',
  up: `
    CREATE TABLE instrument_limits (
      instrument TEXT PRIMARY KEY,
      state TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
