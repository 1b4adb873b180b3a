import { z } from 'zod'
import { anyText, byNumber, list, noted, optional, positive, section, text, upTo } from './basics.ts'
import { fallbacks, instrumentConfig } from './instruments.ts'

const KINDS = ['context', 'skill', 'tool'] as const

/** Marianne §7.12: a file, or all files of a folder, put into the prompt. */
export const injection = section({
  file: optional(text),
  directory: optional(text),
  as: z.enum(KINDS, `one of ${KINDS.join(', ')}`).default('context'),
}).refine((item) => (item.file === null) !== (item.directory === null), 'a mapping with either `file` or `directory`')

export type Injection = z.output<typeof injection>

const skipCommand = section({
  command: text,
  description: optional(text),
  timeout_seconds: upTo(60).default(10),
})

const sheetNumbers = list(positive, 'a list of sheet numbers')

/** Marianne §8.2. */
export const sheet = section({
  size: positive,
  total_items: positive,
  start_item: positive.default(1),
  descriptions: byNumber(anyText),
  dependencies: byNumber(sheetNumbers),
  fan_out: byNumber(positive),
  fan_out_stage_map: noted,
  total_sheets: noted,
  /** An expression; or, as newer scores write it, a command. */
  skip_when: byNumber(z.union([text, skipCommand], 'an expression, or a mapping with a `command`')),
  skip_when_command: byNumber(skipCommand),
  prelude: list(injection, 'a list of files').default([]),
  cadenzas: byNumber(list(injection, 'a list of files')),
  prompt_extensions: noted,
  spec_tags: noted,
  loops: noted,
  triggers: noted,
  per_sheet_instruments: byNumber(text),
  per_sheet_instrument_config: byNumber(instrumentConfig),
  per_sheet_fallbacks: byNumber(fallbacks),
  instrument_map: z.record(text, sheetNumbers, 'a mapping of instruments to lists of sheets').default({}),
})
