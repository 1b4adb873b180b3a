import { z } from 'zod'
import { aboveZero, byName, byNumber, list, noted, optional, positive, section, text, yes } from './basics.ts'

/** What an instrument is told beside its prompt. Keys other than these are the profile's business. */
export const instrumentConfig = z
  .looseObject(
    {
      model: optional(text),
      timeout_seconds: optional(aboveZero),
      /** False: the instrument is not told to do without asking (Marianne §8.4: skip_permissions). */
      auto_approve: yes.nullish(),
    },
    'a mapping',
  )
  .prefault({})

export type InstrumentConfig = z.output<typeof instrumentConfig>

export const fallbacks = list(text, 'a list of instruments')

/** Marianne §8.1: instruments, their aliases and movements. */
export const instrumentKeys = {
  instrument: optional(text),
  instrument_config: instrumentConfig,
  instrument_fallbacks: fallbacks.default([]),
  instruments: byName(section({ profile: text, config: instrumentConfig })),
  movements: byNumber(
    section({
      name: optional(text),
      instrument: optional(text),
      instrument_config: instrumentConfig,
      instrument_fallbacks: optional(fallbacks),
      voices: optional(positive),
    }),
  ),
}

const BACKENDS = ['claude_cli', 'anthropic_api', 'ollama', 'recursive_light'] as const

/** Marianne §8.4: how scores named their instrument before there were instruments. */
export const backend = section({
  type: z.enum(BACKENDS, `one of ${BACKENDS.join(', ')}`).default('claude_cli'),
  skip_permissions: yes.default(true),
  disable_mcp: noted,
  output_format: noted,
  cli_model: optional(text),
  model: optional(text),
  allowed_tools: noted,
  system_prompt_file: noted,
  working_directory: optional(text),
  timeout_seconds: optional(aboveZero),
  timeout_overrides: byNumber(aboveZero),
  sheet_overrides: byNumber(
    section({
      cli_model: optional(text),
      model: optional(text),
      temperature: noted,
      max_tokens: noted,
      timeout_seconds: optional(aboveZero),
    }),
  ),
  cli_extra_args: list(text, 'a list of texts').default([]),
  max_output_capture_bytes: noted,
  api_key_env: noted,
  max_tokens: noted,
  temperature: noted,
  ollama: noted,
})
