/** A score after checking: every default filled in, every path absolute, the template's text loaded. Stored with the job. */
export interface Score {
  readonly name: string
  readonly description: string | null
  /** Absolute path of the folder the job works in. */
  readonly workspace: string
  /** Name of the instrument profile every sheet is played on. */
  readonly instrument: string
  readonly sheet: { readonly size: number; readonly totalItems: number }
  readonly prompt: {
    /** Jinja2 source. */
    readonly template: string
    /** Absolute path the template was read from, or null when it stands in the score. */
    readonly templateFile: string | null
    readonly variables: { readonly [name: string]: unknown }
  }
  readonly retry: RetryPolicy
  readonly validations: readonly ValidationRule[]
}

/** Marianne: `retry` section. */
export interface RetryPolicy {
  /** Failed attempts a sheet may have in all; 0 and 1 both mean one attempt (Marianne: budget predicates). */
  readonly maxRetries: number
  readonly baseDelaySeconds: number
  readonly maxDelaySeconds: number
  readonly exponentialBase: number
  /** Spread each delay over 0.5–1.5 of itself. */
  readonly jitter: boolean
}

interface RuleBase {
  readonly description: string | null
  /** Tries after the first one, `retryDelayMs` apart. */
  readonly retryCount: number
  readonly retryDelayMs: number
  /** Line of the rule in the score, for messages. */
  readonly line: number
}

/** Marianne §7.7: the five kinds of check made on a sheet's work. Paths and commands hold `{name}` placeholders; patterns are literal. */
export type ValidationRule =
  | (RuleBase & { readonly type: 'file_exists'; readonly path: string })
  | (RuleBase & { readonly type: 'file_modified'; readonly path: string })
  | (RuleBase & { readonly type: 'content_contains'; readonly path: string; readonly pattern: string })
  | (RuleBase & { readonly type: 'content_regex'; readonly path: string; readonly pattern: string })
  | (RuleBase & {
      readonly type: 'command_succeeds'
      readonly command: string
      readonly workingDirectory: string | null
      readonly timeoutSeconds: number
    })

/** One sheet to run, as the score lays it out. Items count from 1, both ends included. */
export interface PlannedSheet {
  readonly number: number
  readonly startItem: number
  readonly endItem: number
}

/** The sheets of a score in order. Until dependencies exist, each waits for the one before it. */
export interface Plan {
  readonly sheets: readonly PlannedSheet[]
}
