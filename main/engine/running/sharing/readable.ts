import { open } from 'node:fs/promises'

/** Read of a file at most. */
const LARGEST_BYTES = 16 * 1024 * 1024
/** Looked at to tell text from other files, as git does. */
const PROBE_BYTES = 8000

export type FileText = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'binary' | 'too_large' }

/**
 * A file as text, if it is text of a size that anyone would read.
 * @throws the system's own error when it cannot be read
 */
export async function readText(path: string): Promise<FileText> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    if (size > LARGEST_BYTES) return { kind: 'too_large' }
    const content = await handle.readFile()
    if (content.subarray(0, PROBE_BYTES).includes(0)) return { kind: 'binary' }
    return { kind: 'text', text: content.toString('utf8') }
  } finally {
    await handle.close()
  }
}
