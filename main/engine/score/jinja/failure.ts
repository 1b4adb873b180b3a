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
