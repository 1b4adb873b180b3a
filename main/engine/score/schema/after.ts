import { z } from 'zod'
import { aboveZero, between, list, nonNegative, noted, optional, section, text, yes } from './basics.ts'

const hook = {
  description: optional(text),
  on_failure: z.enum(['continue', 'abort'], 'continue or abort').default('continue'),
  timeout_seconds: aboveZero.default(300),
}

/** Marianne §7.9: what happens after a job has succeeded. */
export const hookRule = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('run_job'),
      job_path: text,
      job_workspace: optional(text),
      fresh: yes.default(false),
      pause_before_chain: yes.default(false),
      inherit_learning: noted,
      detached: noted,
      ...hook,
    }),
    z.strictObject({ type: z.literal('run_command'), command: text, working_directory: optional(text), ...hook }),
    z.strictObject({ type: z.literal('run_script'), command: text, working_directory: optional(text), ...hook }),
  ],
  'a mapping with a `type`',
)

export type HookRule = z.output<typeof hookRule>

export const onSuccess = list(hookRule, 'a list of hooks').default([])

export const concert = section({
  enabled: yes.default(false),
  max_chain_depth: between(1, 100).default(5),
  cooldown_between_jobs_seconds: nonNegative.default(5),
  inherit_workspace: yes.default(true),
  concert_log_path: noted,
  abort_concert_on_hook_failure: yes.default(false),
})
