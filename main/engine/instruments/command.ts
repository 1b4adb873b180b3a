import type { InstrumentProfile } from './profile.ts'

/** Marianne: longer prompts go to standard input even where the profile passes them as an argument. Bytes. */
const longestPromptArgument = 32 * 1024

export interface CommandContext {
  readonly promptText: string
  /** Absolute path of Fermata's folder of bundled files; what `{assets}` stands for. */
  readonly assetsDir: string
  /** Where `${NAME}` in the profile's `env` is looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

export interface InstrumentCommand {
  readonly argv: readonly [string, ...string[]]
  /** What the profile adds to the environment. */
  readonly env: Readonly<Record<string, string>>
  readonly promptOnStdin: boolean
}

/** The command line an instrument is started with; arguments stand in Marianne's order (§8.3). */
export function buildCommand(profile: InstrumentProfile, context: CommandContext): InstrumentCommand {
  const { command } = profile.cli
  const promptOnStdin = command.prompt_via_stdin || !fitsArgument(context.promptText)
  const filled = (text: string) => text.replaceAll('{assets}', () => context.assetsDir)
  const given = (...args: readonly (string | undefined)[]) => args.filter((argument) => argument !== undefined).map(filled)
  return {
    argv: [
      filled(command.executable),
      ...given(command.subcommand, command.auto_approve_flag, command.output_format_flag, command.output_format_value),
      ...(promptOnStdin ? [] : [...given(command.prompt_flag), context.promptText]),
      ...given(...command.extra_flags),
    ],
    env: environmentOf(command.env, context.environment, filled),
    promptOnStdin,
  }
}

/** No argument can hold a NUL. */
function fitsArgument(prompt: string): boolean {
  return Buffer.byteLength(prompt) <= longestPromptArgument && !prompt.includes('\0')
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
