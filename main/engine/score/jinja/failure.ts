/** What stops a rendering. Where it stands is an index in the source, or null when only the renderer knows. */
export class Failure extends Error {
  readonly offset: number | null
  /** The name that is not defined, when that is what is wrong. */
  readonly undefinedName: string | null

  constructor(message: string, at: { offset?: number | null; undefinedName?: string | null } = {}) {
    super(message)
    this.offset = at.offset ?? null
    this.undefinedName = at.undefinedName ?? null
  }
}

/** The stack and the longest string are JavaScript's own bounds; what meets them is to blame, not the app. */
export function asFailure(error: unknown, what: 'template' | 'expression'): Failure {
  if (error instanceof Failure) return error
  if (error instanceof RangeError) return new Failure(`the ${what} is nested too deeply or builds too much text`)
  throw error
}

/** Line and column, both counted from 1, of an index in a source. */
export function positionOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

/** Ends a failure's message as a sentence. */
export function sentence(message: string): string {
  return message.endsWith('?') ? message : `${message}.`
}
