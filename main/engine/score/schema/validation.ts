import { z } from 'zod'
import { aboveZero, anyText, between, count, optional, positive, text } from './basics.ts'

const rule = {
  description: optional(text),
  /** Checks of a later stage are made only when the earlier ones hold. */
  stage: between(1, 10).default(1),
  condition: optional(anyText),
  /** Short for `condition: sheet_num == N`. */
  sheet: optional(positive),
  retry_count: between(0, 100).default(3),
  retry_delay_ms: count.default(200),
  timeout_seconds: optional(aboveZero),
}

/** The five kinds of check (Marianne §7.7). Paths and commands hold `{name}` placeholders; patterns are literal. */
export const validation = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('file_exists'), path: text, ...rule }),
    z.strictObject({ type: z.literal('file_modified'), path: text, ...rule }),
    z.strictObject({ type: z.literal('content_contains'), path: text, pattern: anyText, ...rule }),
    z.strictObject({ type: z.literal('content_regex'), path: text, pattern: anyText, ...rule }),
    z.strictObject({ type: z.literal('command_succeeds'), command: text, working_directory: optional(text), ...rule }),
  ],
  'a mapping with a `type`',
)

export type ValidationRule = z.output<typeof validation>
