import { z } from 'zod'

/*
 * What a score may say, in the words of the file. Every message here is the end of the sentence
 * "`key` must be …"; `explain.ts` writes the rest, with the place and the remedy.
 */

const text = z.string('a text').refine((value) => value.trim() !== '', 'a text that is not empty')
const nonNegative = z.number('a number of 0 or more').min(0, 'a number of 0 or more')
const count = z.int('a whole number of 0 or more').min(0, 'a whole number of 0 or more')
const positive = z.int('a whole number of 1 or more').min(1, 'a whole number of 1 or more')

const rule = {
  description: text.nullish(),
  retry_count: count.max(100, 'a whole number from 0 to 100').default(3),
  retry_delay_ms: count.default(200),
}

const validation = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('file_exists'), path: text, ...rule }),
    z.strictObject({ type: z.literal('file_modified'), path: text, ...rule }),
    z.strictObject({ type: z.literal('content_contains'), path: text, pattern: text, ...rule }),
    z.strictObject({ type: z.literal('content_regex'), path: text, pattern: text, ...rule }),
    z.strictObject({
      type: z.literal('command_succeeds'),
      command: text,
      working_directory: text.nullish(),
      timeout_seconds: z.number('a number above 0').positive('a number above 0').default(3600),
      ...rule,
    }),
  ],
  'a mapping with a `type`',
)

/** The five kinds of check. */
export const VALIDATION_KINDS = ['file_exists', 'file_modified', 'content_contains', 'content_regex', 'command_succeeds'] as const

const mapping = 'a mapping'

/** The score file as this version understands it (Marianne §8.1). */
export const scoreSchema = z.strictObject(
  {
    name: text,
    description: z.string('a text').nullish(),
    workspace: text.default('./workspace'),
    instrument: text,
    sheet: z.strictObject({ size: positive, total_items: positive }, mapping),
    prompt: z.strictObject(
      {
        template: z.string('a text').nullish(),
        template_file: text.nullish(),
        variables: z.record(z.string(), z.unknown(), mapping).default({}),
      },
      mapping,
    ),
    validations: z.array(validation, 'a list of checks').default([]),
    retry: z
      .strictObject(
        {
          max_retries: count.max(1000, 'a whole number from 0 to 1000').default(3),
          base_delay_seconds: nonNegative.default(10),
          max_delay_seconds: nonNegative.default(3600),
          exponential_base: z.number('a number of 1 or more').min(1, 'a number of 1 or more').default(2),
          jitter: z.boolean('true or false').default(true),
        },
        mapping,
      )
      .prefault({}),
  },
  mapping,
)

export type ScoreFile = z.infer<typeof scoreSchema>

/** The keys the schema knows at each place, for suggestions. */
export const KNOWN_KEYS = {
  score: Object.keys(scoreSchema.shape),
  sheet: Object.keys(scoreSchema.shape.sheet.shape),
  prompt: Object.keys(scoreSchema.shape.prompt.shape),
  retry: Object.keys(scoreSchema.shape.retry.unwrap().shape),
  validation: [...new Set(validation.options.flatMap((option) => Object.keys(option.shape)))],
} as const

/** The keys that a kind of check has. */
export function keysOfKind(kind: string): readonly string[] {
  const option = validation.options.find((candidate) => candidate.shape.type.value === kind)
  return option ? Object.keys(option.shape) : []
}
