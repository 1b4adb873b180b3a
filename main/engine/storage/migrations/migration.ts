/** One step forward of the schema. Never changed once released; there is no way back. */
export interface Migration {
  readonly name: string
  /** SQL, run in one transaction together with the new schema number. */
  readonly up: string
}
