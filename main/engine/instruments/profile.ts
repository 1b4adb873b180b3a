import { z } from 'zod'

/** A regular expression, matched without regard to case. */
const pattern = z
  .string()
  .min(1)
  .transform((source, context) => {
    try {
      return new RegExp(source, 'iu')
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: `is not a regular expression: ${error instanceof Error ? error.message : error}`,
      })
      return z.NEVER
    }
  })

/** Where a value stands in an event, as keys joined by dots: `usage.input_tokens`. */
const path = z.string().regex(/^[^.\s]+(\.[^.\s]+)*$/, 'is not a path of keys joined by dots, such as usage.input_tokens')

/** Paths and the values that must stand there. */
const filter = z.record(path, z.union([z.string(), z.number(), z.boolean(), z.null()]))

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not a name for an environment variable')
const flag = z.string().min(1)
const patterns = z.array(pattern).default([])

/** How the program is called. `{assets}` in a program, argument or environment value stands for Fermata's folder of bundled files. */
const command = z.strictObject({
  /** Program, looked up on PATH. */
  executable: z.string().min(1),
  /** First argument, such as `exec` of `codex exec`. */
  subcommand: flag.optional(),
  /** Runs without asking a person. */
  auto_approve_flag: flag.optional(),
  output_format_flag: flag.optional(),
  /** Value after `output_format_flag`. */
  output_format_value: flag.optional(),
  /** Argument before a prompt given as an argument; without it the prompt is positional. Left out when the prompt goes to standard input. */
  prompt_flag: flag.optional(),
  /** The prompt goes to standard input. Prompts over 32 KB always do. */
  prompt_via_stdin: z.boolean().default(true),
  /** Arguments at the end of the line. */
  extra_flags: z.array(z.string()).default([]),
  /** Additional environment. `${NAME}` takes over a variable of Fermata's own; an entry naming an unset one is left out. */
  env: z.record(variableName, z.string()).default({}),
})

/** How the answer is found in standard output. */
const output = z
  .strictObject({
    /** `text`: all of it is the answer. `json`: one object. `jsonl`: one event a line. */
    format: z.enum(['text', 'json', 'jsonl']).default('text'),
    /** `type` of the event that ends a run (jsonl); its last occurrence counts. */
    completion_event_type: z.string().min(1).optional(),
    /** What else must be true of that event. */
    completion_event_filter: filter.default({}),
    /** The answer. */
    result_path: path.optional(),
    /** Where `true` says that the answer is an error. */
    is_error_path: path.optional(),
    /** The error's text; of several paths the first that holds something. */
    error_path: z.union([path.transform((one) => [one]), z.array(path)]).default([]),
    /** Tokens of the whole run. Input counts fresh tokens only; cache reads and writes stand apart. */
    input_tokens_path: path.optional(),
    output_tokens_path: path.optional(),
    cache_read_tokens_path: path.optional(),
    cache_write_tokens_path: path.optional(),
    /** Cost of the whole run in USD. */
    cost_path: path.optional(),
  })
  .superRefine((value, context) => {
    const missing = (key: string) =>
      context.addIssue({ code: 'custom', path: [key], message: `is needed with format ${value.format}` })
    if (value.format !== 'text' && value.result_path === undefined) missing('result_path')
    if (value.format === 'jsonl' && value.completion_event_type === undefined) missing('completion_event_type')
  })

/**
 * How failures are told apart. Patterns are only ever held against the final error (the error text of the result, or the end
 * of stderr and of plain output when the exit status is a failure), so that an agent writing about limits is not taken for limited.
 */
const errors = z.strictObject({
  success_exit_codes: z.array(z.int().min(0).max(255)).min(1).default([0]),
  /** `type` of the event that reports the state of a limit (jsonl). The newest one counts. */
  rate_limit_event_type: z.string().min(1).optional(),
  /** What must be true of that event for the limit to be hit. */
  rate_limit_event_filter: filter.default({}),
  /** Where that event says when the limit ends, in epoch seconds. */
  rate_limit_reset_path: path.optional(),
  /**
   * A short answer whose first line matches one of these from end to end is the instrument's own notice of a limit, not an
   * answer, whatever its exit status says.
   */
  rate_limit_banners: patterns,
  rate_limit_patterns: patterns,
  /** Not logged in, wrong key: trying again does not help. */
  auth_error_patterns: patterns,
  /** The service is overloaded: trying again soon helps. */
  capacity_patterns: patterns,
})

/** An instrument: a command-line program and how to talk to it, as a YAML file says (Marianne §8.3). */
export const instrumentProfile = z.strictObject({
  /** The name scores use. */
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i, 'may hold letters, digits, dots, dashes and underscores only'),
  /** The name people see; `name` when missing. */
  display_name: z.string().min(1).optional(),
  description: z.string().optional(),
  kind: z.literal('cli').default('cli'),
  /** Seconds an attempt may take. */
  default_timeout_seconds: z.number().positive().default(1800),
  /** The program gets the rendered template and nothing else: no preamble, no list of checks. */
  raw_prompt: z.boolean().default(false),
  cli: z.strictObject({
    command,
    output: output.prefault({}),
    errors: errors.prefault({}),
  }),
})

export type InstrumentProfile = z.output<typeof instrumentProfile>

/** The keys each section of a profile may hold, by the section's path. */
export const profileKeys: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(instrumentProfile.shape),
  cli: Object.keys(instrumentProfile.shape.cli.shape),
  'cli.command': Object.keys(command.shape),
  'cli.output': Object.keys(output.shape),
  'cli.errors': Object.keys(errors.shape),
}

/** Keys of Marianne's profiles that have no meaning here yet. Each is refused by its name, so that none is silently ignored. */
export const unbuiltProfileKeys: ReadonlySet<string> = new Set([
  'capabilities',
  'models',
  'default_model',
  'code_mode',
  'http',
  'model_flag',
  'system_prompt_flag',
  'allowed_tools_flag',
  'mcp_config_flag',
  'mcp_disable_args',
  'timeout_flag',
  'working_dir_flag',
  'stdin_sentinel',
  'start_new_session',
  'required_env',
  'aggregate_tokens',
  'timeout_patterns',
  'crash_patterns',
  'stale_patterns',
])
