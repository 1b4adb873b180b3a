import type { CallName, EventName } from './contract.ts'

/**
 * The contract's names without its schemas: the sandboxed preload carries no zod. The types make the compiler
 * refuse a missing or a surplus name.
 */
const calls: Record<CallName, true> = {
  'jobs.snapshot': true,
  'jobs.detail': true,
  'jobs.submit': true,
  'jobs.openScore': true,
  'jobs.submitDemo': true,
  'jobs.pause': true,
  'jobs.resume': true,
  'jobs.cancel': true,
  'jobs.freeze': true,
  'jobs.thaw': true,
  'jobs.endSurvivors': true,
  'jobs.retrySheet': true,
  'jobs.skipSheet': true,
  'jobs.decide': true,
  'jobs.pauseAll': true,
  'jobs.resumeAll': true,
  'logs.window': true,
  'logs.search': true,
  'logs.follow': true,
  'jobs.openWorkspace': true,
  'settings.get': true,
  'settings.change': true,
  'notifications.readiness': true,
  'notifications.test': true,
  'secrets.list': true,
  'secrets.set': true,
  'secrets.remove': true,
  'jobs.setBudget': true,
  'instruments.list': true,
  'instruments.retry': true,
  'instruments.setLimit': true,
  'usage.report': true,
  'prices.get': true,
  'prices.set': true,
  'learning.insights': true,
  'learning.forget': true,
  'app.stay': true,
}

const events: Record<EventName, true> = {
  'jobs.changed': true,
  'logs.grew': true,
  'app.showJob': true,
  'app.showSettings': true,
  'app.showInstruments': true,
  'app.showUsage': true,
  'app.quitting': true,
  'app.problem': true,
}

/** Every call the preload lets through. */
export const callNames: ReadonlySet<string> = new Set(Object.keys(calls))

/** Every event the preload lets through. */
export const eventNames: ReadonlySet<string> = new Set(Object.keys(events))
