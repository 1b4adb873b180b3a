import { z } from 'zod'
import { anyText, count, list, optional, section, text, yes } from './basics.ts'

/** Marianne §7.11: the job works in a git worktree of its own. */
export const isolation = section({
  enabled: yes.default(false),
  mode: z.enum(['worktree', 'none'], 'worktree or none').default('worktree'),
  worktree_base: optional(text),
  branch_prefix: text.default('fermata'),
  source_branch: optional(text),
  cleanup_on_success: yes.default(true),
  cleanup_on_failure: yes.default(false),
  lock_during_execution: yes.default(true),
  fallback_on_error: yes.default(true),
})

/** Marianne §7.10: what a fresh run does with what the last one left. */
export const workspaceLifecycle = section({
  archive_on_fresh: yes.default(false),
  archive_dir: text.default('archive'),
  archive_naming: z.enum(['iteration', 'timestamp'], 'iteration or timestamp').default('iteration'),
  /** Oldest ones beyond this are removed; 0 keeps all. */
  max_archives: count.default(0),
  preserve_patterns: list(text, 'a list of patterns').default([
    '.iteration',
    '.marianne-*',
    '.fermata-*',
    '.coverage',
    'archive/**',
    '.worktrees/**',
  ]),
})

const trigger = section({
  name: text,
  sheet_nums: optional(list(count, 'a list of sheet numbers')),
  prompt_contains: optional(list(text, 'a list of texts')),
  min_retry_count: optional(count),
  requires_confirmation: yes.default(true),
  message: anyText.default(''),
})

export type CheckpointTrigger = z.output<typeof trigger>

/** Sheets that wait for a person before they start: fermatas. */
export const checkpoints = section({ enabled: yes.default(false), triggers: list(trigger, 'a list of triggers').default([]) })
