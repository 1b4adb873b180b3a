import { z } from 'zod'
import { concert, onSuccess } from './after.ts'
import { aboveZero, anyText, list, nonNegative, noted, optional, section, text } from './basics.ts'
import { backend, instrumentKeys } from './instruments.ts'
import { learning } from './learning.ts'
import { budgets, circuitBreaker, costLimits, parallel, rateLimit, retry, staleDetection } from './limits.ts'
import { notification } from './notifications.ts'
import { crossSheet, prompt } from './prompt.ts'
import { sheet } from './sheet.ts'
import { validation } from './validation.ts'
import { checkpoints, isolation, workspaceLifecycle } from './workspace.ts'

/** The score file (Marianne §8.1), in the words of the file. */
export const scoreSchema = section({
  name: text,
  description: optional(anyText),
  workspace: text.default('./workspace'),
  ...instrumentKeys,
  backend: optional(backend),
  sheet,
  prompt,
  retry: retry.prefault({}),
  rate_limit: rateLimit.prefault({}),
  circuit_breaker: circuitBreaker.prefault({}),
  cost_limits: costLimits.prefault({}),
  budgets: budgets.prefault({}),
  validations: list(validation, 'a list of checks').default([]),
  notifications: list(notification, 'a list of notifications').default([]),
  parallel: parallel.prefault({}),
  stale_detection: staleDetection.prefault({}),
  cross_sheet: optional(crossSheet),
  on_success: onSuccess,
  concert: concert.prefault({}),
  isolation: isolation.prefault({}),
  workspace_lifecycle: workspaceLifecycle.prefault({}),
  checkpoints: checkpoints.prefault({}),
  state_backend: z.enum(['sqlite', 'json'], 'sqlite or json').default('sqlite'),
  /** Marianne waits 2 s where a score says nothing; Fermata does not wait. */
  pause_between_sheets_seconds: nonNegative.default(0),
  /** Fermata's own key: how long sheets of the job may run in all. Time it is held, frozen or asleep does not count. */
  job_timeout_seconds: optional(aboveZero),
  spec: noted,
  conductor: noted,
  learning: optional(learning),
  grounding: noted,
  ai_review: noted,
  judgment: noted,
  code_execution: noted,
  feedback: noted,
  bridge: noted,
  logging: noted,
  techniques: noted,
  agent_card: noted,
  synthesis: noted,
  state_path: noted,
})

export type ScoreFile = z.output<typeof scoreSchema>
