import type { Migration } from './migration.ts'

/** When an attempt began by the clock that stands while the computer sleeps, and how long it stood still. All in ms. */
export const attemptClocks: Migration = {
  name: '0002-attempt-clocks',
  up: `
    ALTER TABLE attempts ADD COLUMN started_awake REAL;
    ALTER TABLE attempts ADD COLUMN still_ms REAL NOT NULL DEFAULT 0;
    ALTER TABLE attempts ADD COLUMN frozen_awake REAL;
  `,
}
