import type { InstrumentProfile, ModelProfile } from './profile.ts'

/** What a score tells an instrument beside its prompt: `instrument_config`, in the words of the file (Marianne §8.1). */
export interface InstrumentConfig {
  readonly model?: string | null | undefined
  readonly timeout_seconds?: number | null | undefined
  readonly [other: string]: unknown
}

/** Seconds an attempt may take: what the score says, else the profile. */
export function timeoutOf(profile: InstrumentProfile, config: InstrumentConfig): number {
  return config.timeout_seconds ?? profile.default_timeout_seconds
}

/** The model an attempt uses: what the score says, else the profile; null leaves it to the program. */
export function modelOf(profile: InstrumentProfile, config: InstrumentConfig): string | null {
  return config.model ?? profile.default_model ?? null
}

/** What the profile says of a model; null when it says nothing. */
export function modelProfile(profile: InstrumentProfile, model: string | null): ModelProfile | null {
  return profile.models.find(({ name }) => name === model) ?? null
}

/** A setting a command line can hold; lists are joined by commas. Null when there is none. */
export function settingOf(config: InstrumentConfig, key: string): string | null {
  const value = config[key]
  const words = (Array.isArray(value) ? value : [value]).filter((word) => typeof word === 'string' || typeof word === 'number')
  return words.length === 0 ? null : words.join(',')
}

/** `extra_args`: what the author of a score wants at the end of the command line (Marianne §8.4: cli_extra_args). */
export function extraArguments({ extra_args }: InstrumentConfig): readonly string[] {
  return Array.isArray(extra_args) ? extra_args.filter((argument) => typeof argument === 'string') : []
}

/** Keys of `instrument_config` this instrument can do nothing with, for a note to the score's author. */
export function settingsWithoutEffect(profile: InstrumentProfile, config: InstrumentConfig): readonly string[] {
  const { command } = profile.cli
  const flags: Readonly<Record<string, string | undefined>> = {
    model: command.model_flag,
    system_prompt: command.system_prompt_flag,
    allowed_tools: command.allowed_tools_flag,
    mcp_config: command.mcp_config_flag,
  }
  return Object.keys(config).filter((key) => {
    if (
      key === 'timeout_seconds' ||
      key === 'extra_args' ||
      key === 'auto_approve' ||
      config[key] === undefined ||
      config[key] === null
    )
      return false
    return flags[key] === undefined || settingOf(config, key) === null
  })
}
