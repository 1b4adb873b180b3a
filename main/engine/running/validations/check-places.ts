import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the command of a check runs, and its marker: what it leaves is ended with it, what the attempt itself left is not. */
export const checkIn = (
  attempt: { readonly folder: string; readonly marker: string },
  check: string,
): { readonly folder: string; readonly marker: string } => ({
  folder: join(attempt.folder, check),
  marker: `${attempt.marker}.${check}`,
})

/** The check's name, from its place among those that are made. */
export const checkName = (index: number): string => `check-${index + 1}`

/** The markers of all checks of an attempt that have begun. */
export async function checkMarkers(attempt: { readonly folder: string; readonly marker: string }): Promise<readonly string[]> {
  const names = await readdir(attempt.folder).catch(() => [])
  return names.filter((name) => /^check-\d+$/.test(name)).map((name) => checkIn(attempt, name).marker)
}
