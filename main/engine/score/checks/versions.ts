import type { Diagnostic } from '../../errors.ts'
import { nameOf } from '../explain.ts'
import { finding } from '../finding.ts'
import { valueAt } from '../language.ts'
import type { Path, YamlSource } from '../source.ts'

/** What a job goes by: two versions of a score must not share it, or one takes the other's results for its own. */
const ITS_OWN: readonly Path[] = [['name'], ['workspace']]

/** The name and the workspace of the version before, in a score such as `songs-v3.yaml` that was copied from it (Marianne V009). */
export function* versionErrors(document: unknown, file: string, source: YamlSource): Generator<Diagnostic> {
  const version = versionOf(file)
  if (version === null) return
  for (const path of ITS_OWN) {
    const text = valueAt(document, path)
    if (typeof text === 'string' && mentions(text, version - 1)) yield stale(path, text, version, source, 'error')
  }
}

/** Other names and paths of the version before; it may be meant. Texts of several words tell of it rather than use it. */
export function* versionWarnings(document: unknown, file: string, source: YamlSource): Generator<Diagnostic> {
  const version = versionOf(file)
  if (version === null) return
  for (const [path, text] of textsIn(document, [])) {
    if (path.length === 1 && ITS_OWN.some(([key]) => key === path[0])) continue
    if (!/\s/.test(text) && mentions(text, version - 1)) yield stale(path, text, version, source, 'warning')
  }
}

/** The number in a file name such as `songs-v3.yaml`; null when there is none, or none before it. */
function versionOf(file: string): number | null {
  const version = Number(/[-_]v(\d{1,9})\.ya?ml$/i.exec(file)?.[1] ?? 0)
  return version > 1 ? version : null
}

/** `songs-v2`, `v2/songs`. */
const marks = (version: number): RegExp => new RegExp(`([-_]v)${version}(?!\\d)|(?<![\\p{L}\\d])(v)${version}(?=/)`, 'giu')

const mentions = (text: string, version: number): boolean => marks(version).test(text)

function stale(path: Path, text: string, version: number, source: YamlSource, severity: 'error' | 'warning'): Diagnostic {
  const message = `\`${nameOf(path)}\` is of version ${version - 1}, but this file is version ${version}.`
  const renamed = text.replace(marks(version - 1), (_, before?: string, start?: string) => `${before ?? start ?? ''}${version}`)
  const remedy = `Write \`${renamed}\`${severity === 'error' ? '' : ', unless the version before is meant'}.`
  return finding('V009', message, remedy, source.place(path), severity)
}

function* textsIn(value: unknown, path: Path): Generator<readonly [Path, string]> {
  if (typeof value === 'string') yield [path, value]
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) yield* textsIn(item, [...path, Array.isArray(value) ? Number(key) : key])
}
