import { z } from 'zod'
import { filter, path, paths, pattern, patterns, variableName, withoutNulls, words } from './profile-values.ts'

const flag = z.string().min(1)
const price = z.number().min(0)

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
  /** Argument before the model's name: `model` of `instrument_config`, else `default_model`. */
  model_flag: flag.optional(),
  /** Argument before the seconds an attempt may take. Fermata ends it then in any case. */
  timeout_flag: flag.optional(),
  /** Argument before the workspace. It is the current folder in any case. */
  working_dir_flag: flag.optional(),
  /** Argument before `system_prompt` of `instrument_config`. */
  system_prompt_flag: flag.optional(),
  /** Argument before `allowed_tools` of `instrument_config`, joined by commas. */
  allowed_tools_flag: flag.optional(),
  /** Argument before `mcp_config` of `instrument_config`. */
  mcp_config_flag: flag.optional(),
  /** Arguments that keep tool servers out, used when there is no `mcp_config`. */
  mcp_disable_args: z.array(z.string()).default([]),
  /** Argument before the prompt, or before `stdin_sentinel`; without it both are positional. */
  prompt_flag: flag.optional(),
  /**
   * The prompt goes to standard input. Unless it is said here: only where there is a `stdin_sentinel` or no `prompt_flag`, since
   * a program with a flag for its prompt expects it there.
   */
  prompt_via_stdin: z.boolean().optional(),
  /** What stands in the prompt's place when it goes to standard input, such as `-`; without it nothing does. */
  stdin_sentinel: z.string().min(1).optional(),
  /** The program can take its prompt from standard input at all; prompts over 32 KB go there. */
  reads_stdin: z.boolean().default(true),
  /** Accepted from Marianne's profiles: every attempt has a session of its own. */
  start_new_session: z.boolean().optional(),
  /** Arguments at the end of the line. */
  extra_flags: z.array(z.string()).default([]),
  /** Additional environment. `${NAME}` takes over a variable of Fermata's own; an entry naming an unset one is left out. */
  env: z.record(variableName, z.string()).default({}),
  /** When given, the program sees these variables, what every program needs (PATH, HOME, …), and no others. */
  required_env: z.array(variableName).optional(),
})

const completeCommand = command.transform((value) => ({
  ...value,
  prompt_via_stdin: value.prompt_via_stdin ?? (value.stdin_sentinel !== undefined || value.prompt_flag === undefined),
}))

/** Where tokens and cost stand. Of several paths the sum. */
const counts = {
  /** Fresh tokens only; cache reads and writes stand apart. */
  input_tokens_path: paths.default([]),
  /** All that was written, thoughts too. */
  output_tokens_path: paths.default([]),
  cache_read_tokens_path: paths.default([]),
  cache_write_tokens_path: paths.default([]),
  /** In USD. */
  cost_path: path.optional(),
}

/**
 * What running events tell of tokens (jsonl), for budgets that act before the end and for attempts that never get there. The
 * figures of `output` stand above it as soon as they come.
 */
const live = z.strictObject({
  /** The events that tell what the model wrote or used. */
  event_type: words,
  /** What else must be true of them. */
  event_filter: filter.default({}),
  /**
   * Which call of the model an event belongs to: one call may print many events, and each may repeat its figures. The highest
   * of the same call count, once. Without it every event is a call of its own.
   */
  id_path: path.optional(),
  /** `parts`: the figures of a call are its own and are added up. `totals`: they are those of the run up to then. */
  figures: z.enum(['parts', 'totals']).default('parts'),
  /** The figures may be placeholders, far too low: where the text amounts to more, it counts. */
  placeholders: z.boolean().default(false),
  ...counts,
  /** What the model wrote, such as its answer, its thoughts and what it gave its tools. What is no text counts as JSON. */
  text_path: paths.default([]),
})

/** How the answer is found in standard output. Types are those of events (jsonl), as their key `type` names them. */
const output = z.strictObject({
  /** `text`: all of it is the answer. `json`: one object. `jsonl`: one event a line. */
  format: z.enum(['text', 'json', 'jsonl']).default('text'),
  /** The event that holds the answer; its last occurrence counts. */
  completion_event_type: z.string().min(1).optional(),
  /** What else must be true of that event. */
  completion_event_filter: filter.default({}),
  /** The event without which a run was cut short; the one with the answer unless it is said here. */
  end_event_type: z.string().min(1).optional(),
  /** Events that tell an error. The run has failed if none of the events above comes after it. */
  error_event_types: words.default([]),
  /** The answer. */
  result_path: path.optional(),
  /** Where `true`, a text or a mapping says that the answer is an error. */
  is_error_path: path.optional(),
  /** What must be true of the object, or of the event that ends the run, for it to have succeeded. */
  success_filter: filter.default({}),
  /** The error's text; of several paths the first that holds something. */
  error_path: paths.default([]),
  /** The events that hold tokens and cost. Unless it is said here all in which `input_tokens_path` or another leads to something; the highest counts. */
  usage_event_type: z.string().min(1).optional(),
  /** Every usage event counts for itself (jsonl): they are added up. What a `*` finds is added up in any case. */
  aggregate_tokens: z.boolean().default(false),
  /** Which usage event is which, where they are added up: one that comes twice counts once. */
  usage_id_path: path.optional(),
  /** Tokens and cost of the whole run. A cost that is not told follows from prices. */
  ...counts,
  /** The program counts cache reads and writes as input too: they are taken off. */
  input_includes_cache: z.boolean().default(false),
  /**
   * Lines of plain output that tell tokens, in groups named `input`, `output`, `cache_read`, `cache_write` and `cost`; amounts
   * such as 5.6k are understood. Each line counts for itself.
   */
  usage_patterns: patterns,
  /** The mapping whose keys are names of models (json): each has its own figures, and its own price. */
  usage_by_model_path: path.optional(),
  /** Where an event or the object names the model that was used. */
  model_path: paths.default([]),
  live: z.preprocess(withoutNulls, live).optional(),
})

const completeOutput = output.superRefine((value, context) => {
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
  /**
   * An answer whose last line matches one of these from end to end is the program's own report of a failure, whatever its
   * exit status says.
   */
  error_endings: patterns,
  /** The event that reports the state of a limit (jsonl). The newest one counts. */
  rate_limit_event_type: z.string().min(1).optional(),
  /** What must be true of that event for the limit to be hit. */
  rate_limit_event_filter: filter.default({}),
  /** Where that event says when the limit ends: in epoch seconds, or in seconds from then. */
  rate_limit_reset_path: path.optional(),
  /**
   * A short answer whose first line matches one of these from end to end is the instrument's own notice of a limit, not an
   * answer, whatever its exit status says.
   */
  rate_limit_banners: patterns,
  /** Too much at a time. */
  rate_limit_patterns: patterns,
  /** An allowance is used up, such as that of a day: a limit as well, with a longer wait. */
  quota_patterns: patterns,
  /** Not logged in, wrong key: trying again does not help. */
  auth_error_patterns: patterns,
  /** The service is overloaded: trying again soon helps. */
  capacity_patterns: patterns,
  /** The program gave up waiting. */
  timeout_patterns: patterns,
  /** The program broke down, and would again. */
  crash_patterns: patterns,
  /** Nothing came any more. */
  stale_patterns: patterns,
})

/** A model the instrument may use. Prices are USD for 1000 tokens. */
const model = z.strictObject({
  name: z.string().min(1),
  /** Tokens it can read at once. */
  context_window: z.int().positive().optional(),
  cost_per_1k_input: price.optional(),
  cost_per_1k_output: price.optional(),
  /** Those of fresh input unless they are said, so that a budget is never overdrawn unseen. */
  cost_per_1k_cache_read: price.optional(),
  cost_per_1k_cache_write: price.optional(),
  /** Accepted from Marianne's profiles; Fermata sets no such limit. */
  max_output_tokens: z.int().positive().optional(),
  /** Sheets that may use it at once, over all jobs. */
  max_concurrent: z.int().positive().default(4),
})

/** How to ask the program about itself, at no cost and without a person. */
const check = z.strictObject({
  /** Arguments that make it print its version; an empty list: it has no such thing. */
  version_args: z.array(z.string()).default(['--version']),
  /** Arguments that make it say whether it is logged in. */
  login_args: z.array(z.string()).min(1).optional(),
  /** What it prints then: logged in, or not. Whatever matches neither is no answer. */
  login_pattern: pattern.optional(),
  logout_pattern: pattern.optional(),
})

const section = <Schema extends z.ZodType>(schema: Schema) => z.preprocess(withoutNulls, schema)
const cli = z.strictObject({
  command: section(completeCommand),
  output: section(completeOutput).prefault({}),
  errors: section(errors).prefault({}),
})

const profile = z.strictObject({
  /** The name scores use. */
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i, 'may hold letters, digits, dots, dashes and underscores only'),
  /** The name people see; `name` when missing. */
  display_name: z.string().min(1).optional(),
  /** For people: what it is and which login it needs. */
  description: z.string().optional(),
  kind: z.literal('cli', { error: 'must be `cli`: Fermata runs programs and calls no model over HTTP itself' }).default('cli'),
  /** For people, as its author puts it. */
  capabilities: z.array(z.string()).default([]),
  models: z.array(section(model)).default([]),
  /** The model used where a score names none; without it the program decides. */
  default_model: z.string().min(1).optional(),
  /** Seconds an attempt may take. */
  default_timeout_seconds: z.number().positive().default(1800),
  /** A model is behind it: where the program tells no tokens they are estimated from its prompt and what it printed. */
  uses_tokens: z.boolean().default(true),
  /** The program gets the rendered template and nothing else: no preamble, no list of checks. */
  raw_prompt: z.boolean().default(false),
  /** Accepted from Marianne's profiles, without effect. */
  code_mode: z.unknown().optional(),
  http: z.unknown().optional(),
  check: section(check).prefault({}),
  cli: section(cli),
})

/** An instrument: a command-line program and how to talk to it, as a YAML file says (Marianne §8.3). */
export const instrumentProfile = section(profile)

export type InstrumentProfile = z.output<typeof instrumentProfile>
export type ModelProfile = InstrumentProfile['models'][number]

/** The keys each section of a profile may hold, by the section's path; a model's is `models`. */
export const profileKeys: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(profile.shape),
  models: Object.keys(model.shape),
  check: Object.keys(check.shape),
  cli: Object.keys(cli.shape),
  'cli.command': Object.keys(command.shape),
  'cli.output': Object.keys(output.shape),
  'cli.output.live': Object.keys(live.shape),
  'cli.errors': Object.keys(errors.shape),
}

/** Marianne's keys that are accepted without effect: which, and what to know of each. `*` is every entry of a list. */
export const keysWithoutEffect: readonly {
  readonly path: readonly string[]
  readonly severity: 'info' | 'warning'
  readonly message: string
}[] = [
  {
    path: ['code_mode'],
    severity: 'warning',
    message: '`code_mode` is not supported: the program is run as `cli` says, and may use every tool it has.',
  },
  { path: ['http'], severity: 'info', message: '`http` has no meaning in an instrument of kind cli.' },
  {
    path: ['models', '*', 'max_output_tokens'],
    severity: 'info',
    message: '`max_output_tokens` has no effect: how long an answer gets is for the program to decide.',
  },
  {
    path: ['cli', 'command', 'start_new_session'],
    severity: 'info',
    message: '`start_new_session` has no effect: Fermata gives every attempt a session of its own.',
  },
]
