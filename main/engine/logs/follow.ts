import { type FSWatcher, watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Disposer } from '../ports.ts'

/** From one call to the next, in ms. */
const restMs = 100
/** Time between looks where watching tells nothing: at a file that is not there yet, or on a network. Ms. */
const lookEveryMs = 1000

/**
 * Calls `onGrowth` with the size in bytes of a log, at once and whenever it has changed, at most ten times a second. A
 * missing file has no bytes.
 */
export function followLog(file: string, onGrowth: (sizeBytes: number) => void): Disposer {
  let over = false
  let known: number | null = null
  let watcher: FSWatcher | null = null
  let timer: NodeJS.Timeout | undefined
  let looking = false
  let written = false

  async function look(): Promise<void> {
    looking = true
    written = false
    // Before the look, so that nothing falls in between.
    watcher ??= watchFile(file, onWrite)
    const watched = watcher !== null
    const sizeBytes = await sizeOf(file)
    looking = false
    if (over) return
    const changed = sizeBytes !== known
    timer = setTimeout(look, watched && (changed || written) ? restMs : lookEveryMs)
    if (!changed) return
    known = sizeBytes
    // Not heard while at rest: every single write of a busy log would be told.
    unwatch()
    onGrowth(sizeBytes)
  }
  function onWrite(): void {
    written = true
    if (looking) return
    clearTimeout(timer)
    void look()
  }
  function unwatch(): void {
    watcher?.close()
    watcher = null
  }

  void look()
  return () => {
    over = true
    clearTimeout(timer)
    unwatch()
  }
}

async function sizeOf(file: string): Promise<number> {
  const facts = await stat(file).catch(() => null)
  return facts?.size ?? 0
}

/** Null where the system cannot watch the file. */
function watchFile(file: string, onEvent: () => void): FSWatcher | null {
  try {
    return watch(file, onEvent).on('error', onEvent)
  } catch {
    return null
  }
}
