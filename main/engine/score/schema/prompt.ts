import { z } from 'zod'
import { anyText, count, list, noted, optional, section, text, yes } from './basics.ts'

export const prompt = section({
  /** Jinja2 source. */
  template: optional(anyText),
  template_file: optional(text),
  // Passed on untouched: a record would leave out a key such as __proto__.
  variables: z
    .custom<Readonly<Record<string, unknown>>>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'a mapping',
    )
    .default({}),
  stakes: optional(anyText),
  thinking_method: optional(anyText),
  prompt_extensions: noted,
})

/** What a sheet's prompt may show of the sheets before it (Marianne §7.12). */
export const crossSheet = section({
  auto_capture_stdout: yes.default(false),
  max_output_chars: count.default(2000),
  /** Templates of paths with wildcards. */
  capture_files: list(text, 'a list of paths').default([]),
  /** Sheets looked back at; 0 means all. */
  lookback_sheets: count.default(3),
})
