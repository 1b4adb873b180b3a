import type { SheetState } from './state.ts'

/** Another go: budgets and the first choice of instrument are back. What it used so far is kept. */
export const again = (sheet: SheetState): SheetState => ({
  ...sheet,
  status: 'pending',
  failures: 0,
  completions: 0,
  mode: 'normal',
  rateLimitWaits: 0,
  quotaWaits: 0,
  choice: 0,
  wakeAt: null,
  error: null,
  note: null,
  asked: null,
  losses: 0,
  completedAt: null,
})

/** A sheet its user does not want. `now` is epoch ms. */
export const leftOut = (sheet: SheetState, now: number): SheetState => ({
  ...sheet,
  status: 'skipped',
  note: 'Left out by you',
  error: null,
  wakeAt: null,
  asked: null,
  completedAt: now,
})
