import { LaunchError } from '../errors.ts'
import { extraArguments, type InstrumentConfig, modelOf, settingOf } from './config.ts'
import type { InstrumentProfile } from './profile.ts'

/** Marianne: longer prompts go to standard input even where the profile passes them as an argument. Bytes. */
const longestPromptArgument = 32 * 1024
/** What the system lets one argument hold. Bytes. */
const longestArgument = 128 * 1024 - 1

export interface CommandContext {
  readonly promptText: string
  /** Absolute path of Fermata's folder of bundled files; what `{assets}` stands for. */
  readonly assetsDir: string
  /** Where `${NAME}` in the profile's `env` is looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What the score tells the instrument. */
  readonly config?: InstrumentConfig
  /** Absolute path; for programs that want to be told. */
  readonly workingDir?: string
  /** For programs that want to be told. */
  readonly timeoutSeconds?: number
}

export interface InstrumentCommand {
  readonly argv: readonly [string, ...string[]]
  /** What the profile adds to the environment. */
  readonly env: Readonly<Record<string, string>>
  readonly promptOnStdin: boolean
}

/**
 * The command line an instrument is started with; arguments stand in Marianne's order (§8.3).
 * @throws LaunchError INSTRUMENT_PROMPT when the program cannot be given this prompt.
 */
export function buildCommand(profile: InstrumentProfile, context: CommandContext): InstrumentCommand {
  const { command } = profile.cli
  const config = context.config ?? {}
  const filled = (text: string) => text.replaceAll('{assets}', () => context.assetsDir)
  const given = (...args: readonly (string | undefined)[]) => args.filter((argument) => argument !== undefined).map(filled)
  /** A flag with its value, where there are both. The value is the user's and stays as it is. */
  const option = (flag: string | undefined, value: string | null) =>
    flag === undefined || value === null ? [] : [...given(flag), value]

  const promptOnStdin = goesToStdin(profile, context.promptText)
  const mcpConfig = settingOf(config, 'mcp_config')
  return {
    argv: [
      filled(command.executable),
      ...given(command.subcommand, config.auto_approve === false ? undefined : command.auto_approve_flag),
      ...given(command.output_format_flag, command.output_format_value),
      ...option(command.model_flag, modelOf(profile, config)),
      ...option(command.timeout_flag, context.timeoutSeconds === undefined ? null : String(Math.ceil(context.timeoutSeconds))),
      ...option(command.working_dir_flag, context.workingDir ?? null),
      ...option(command.system_prompt_flag, settingOf(config, 'system_prompt')),
      ...option(command.allowed_tools_flag, settingOf(config, 'allowed_tools')),
      ...(promptOnStdin ? stdinArguments(profile) : [...given(command.prompt_flag), context.promptText]),
      ...(mcpConfig === null ? given(...command.mcp_disable_args) : option(command.mcp_config_flag, mcpConfig)),
      ...given(...command.extra_flags),
      ...extraArguments(config),
    ],
    env: environmentOf(command.env, context.environment, filled),
    promptOnStdin,
  }
}

function goesToStdin(profile: InstrumentProfile, prompt: string): boolean {
  const { prompt_via_stdin, reads_stdin } = profile.cli.command
  if (prompt_via_stdin) return true
  // No argument can hold a NUL.
  const length = prompt.includes('\0') ? Number.POSITIVE_INFINITY : Buffer.byteLength(prompt)
  if (reads_stdin) return length > longestPromptArgument
  if (length <= longestArgument) return false
  const name = profile.display_name ?? profile.name
  throw new LaunchError('INSTRUMENT_PROMPT', `${name} takes its prompt as an argument, and this one is too long for that.`, {
    remedy: 'Keep it under 128 KB, let it name files to read, or use another instrument.',
  })
}

function stdinArguments(profile: InstrumentProfile): string[] {
  const { prompt_flag, stdin_sentinel } = profile.cli.command
  if (stdin_sentinel === undefined) return []
  return prompt_flag === undefined ? [stdin_sentinel] : [prompt_flag, stdin_sentinel]
}

const reference = /\$\{(\w+)\}/g

function environmentOf(
  entries: Readonly<Record<string, string>>,
  outer: CommandContext['environment'],
  filled: (text: string) => string,
): Record<string, string> {
  const isSet = (value: string) => [...value.matchAll(reference)].every(([, name = '']) => outer[name] !== undefined)
  return Object.fromEntries(
    Object.entries(entries)
      .filter(([, value]) => isSet(value))
      .map(([key, value]) => [key, filled(value).replace(reference, (_, name: string) => outer[name] ?? '')]),
  )
}

/** What every program needs (Marianne §8.3). */
const systemVariable = /^(?:PATH|HOME|USER|LOGNAME|SHELL|TERM|LANG|LC_\w+|TMP\w*|TEMP|XDG_\w+)$/

/** The part of the user's environment an instrument may see: all of it, unless its profile names what it needs. */
export function visibleEnvironment<Value>(
  profile: InstrumentProfile,
  environment: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const { required_env } = profile.cli.command
  if (required_env === undefined) return { ...environment }
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => systemVariable.test(name) || required_env.includes(name)),
  )
}
