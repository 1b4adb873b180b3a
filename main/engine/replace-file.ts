import { renameSync, writeFileSync } from 'node:fs'

/**
 * Writes a file whole or not at all: a computer that stops in between leaves the old one. For its owner only (mode 0600).
 * @throws file-system errors as they come
 */
export function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.part`, text, { mode: 0o600, flush: true })
  renameSync(`${file}.part`, file)
}
