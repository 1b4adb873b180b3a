/** Where in a file something is wrong; line and column count from 1. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** One finding about a score: what is wrong, where, and what to write instead. Codes follow Marianne's V-numbers where there is one. */
export interface Diagnostic {
  readonly code: string
  readonly severity: 'error' | 'warning' | 'info'
  /** One sentence about the user's score. */
  readonly message: string
  /** What to do about it; shown after the message. */
  readonly remedy: string | null
  readonly line: number
  readonly column: number
}

/** Every error Fermata raises on purpose: a code for programs, a sentence and a remedy for people. */
export class FermataError extends Error {
  readonly code: string
  readonly remedy: string | null

  constructor(code: string, message: string, options: { remedy?: string | null; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.remedy = options.remedy ?? null
  }
}

/** A job that cannot be accepted, or a command that makes no sense in the job's present status (Marianne: JobSubmissionError). */
export class JobSubmissionError extends FermataError {}

/** A score that is refused; carries every finding, not just the first. */
export class ScoreError extends JobSubmissionError {
  readonly file: string
  readonly diagnostics: readonly Diagnostic[]

  constructor(file: string, diagnostics: readonly Diagnostic[]) {
    const first = diagnostics.find((finding) => finding.severity === 'error') ?? diagnostics[0]
    const where = first ? `${file}:${first.line}:${first.column}: ${first.message}` : `${file} cannot be read as a score`
    super('SCORE_INVALID', where, { remedy: first?.remedy ?? null })
    this.file = file
    this.diagnostics = diagnostics
  }

  /** The findings it is refused for; the others can wait until it is accepted. */
  get errors(): readonly Diagnostic[] {
    return this.diagnostics.filter(({ severity }) => severity === 'error')
  }
}

/** No job has this id. */
export class JobNotFoundError extends FermataError {
  constructor(jobId: string) {
    super('JOB_NOT_FOUND', `No job has the id "${jobId}".`, { remedy: 'List the jobs to see their ids.' })
  }
}

/** The instrument's program could not be started. */
export class LaunchError extends FermataError {}

/** The database cannot be opened, is held by another Fermata, or was written by a newer one. */
export class StorageError extends FermataError {}
