import { join, resolve } from 'node:path'
import type { JobService } from '../job-service.ts'
import { followLog } from '../logs/follow.ts'
import type { AttemptRecord } from '../ports.ts'
import { dryRun } from '../running/dry-run.ts'
import { loadScore } from '../running/submission.ts'
import { effectiveConfig, readDocument } from '../score/effective.ts'
import { createBudgeting } from './budgets.ts'
import { createControl } from './control.ts'
import { createDesk } from './desk.ts'
import { createInsight } from './learning.ts'
import { createLimiting } from './limits.ts'
import type { ServiceParts } from './parts.ts'
import { createSheetControl } from './sheet-control.ts'
import { createSubmit } from './submit.ts'

/** The JobService of an engine. */
export function createJobService(parts: ServiceParts): JobService {
  const { conductor, store, catalogue, logs, searches, settings, liveness } = parts
  const desk = createDesk(parts)

  /** `number` 0 is the newest one. */
  function attemptOf(jobId: string, sheet: number, number: number): AttemptRecord | undefined {
    desk.find(jobId)
    const attempts = store.attempts(jobId, sheet)
    return number === 0 ? attempts.at(-1) : attempts.find((attempt) => attempt.number === number)
  }

  return {
    submit: createSubmit(parts, desk),
    ...createControl(parts, desk),
    ...createSheetControl(parts, desk),
    ...createLimiting(parts),
    ...createInsight(parts, desk),
    ...createBudgeting(parts, desk),
    async dryRun(path, { workspace } = {}) {
      return dryRun(resolve(path), await loadScore(resolve(path), workspace), {
        catalogue,
        redact: parts.redact,
        memory: parts.learning,
      })
    },
    async effectiveConfig(path, { workspace } = {}) {
      const { score, text } = await loadScore(resolve(path), workspace)
      return effectiveConfig(score, readDocument(text), { workspace: workspace !== undefined })
    },
    notifications: parts.notifications.readiness,
    testNotification: parts.notifications.test,
    observe: liveness.observe,
    settings: settings.current,
    changeSettings(patch) {
      const changed = settings.change(patch)
      // Limits may be higher now than what somebody waits for.
      parts.day.look()
      conductor.look()
      return changed
    },
    status: async (jobId) => desk.detail(jobId),
    list: async () =>
      conductor
        .jobs()
        .map((job) => desk.summary(job.state.id))
        .sort((a, b) => b.createdAt - a.createdAt),
    async logWindow(jobId, sheet, attempt, stream, from, count) {
      const chosen = attemptOf(jobId, sheet, attempt)
      if (!chosen) return { attempt: 0, from: 1, lines: [], totalLines: 0, sizeBytes: 0, removedAt: null, isGone: false }
      const window = await logs.window(join(chosen.folder, stream), from, count)
      // What was not started yet has no output that could be gone.
      return { attempt: chosen.number, ...window, isGone: window.isGone && chosen.identity !== null }
    },
    async searchLog(jobId, sheet, attempt, stream, { from, limit, signal, ...pattern }) {
      const chosen = attemptOf(jobId, sheet, attempt)
      if (!chosen) return { hits: [], next: null, scannedBytes: 0 }
      return searches.search(join(chosen.folder, stream), pattern, from, limit, signal)
    },
    followLog(jobId, sheet, attempt, stream, onGrowth) {
      const chosen = attemptOf(jobId, sheet, attempt)
      return chosen ? followLog(join(chosen.folder, stream), onGrowth) : () => {}
    },
  }
}
