import { type FSWatcher, unwatchFile, watch, watchFile } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Disposer } from '../ports.ts'

/** Shortest time between two calls, in ms. */
const pause = 100
/** How often the file is looked at where the system cannot tell of changes, in ms. */
const lookEvery = 1000

/** Calls `onChange` when the file was written or created: at once, then at most ten times a second, never missing the last change. */
export function followFile(file: string, onChange: () => void): Disposer {
  const throttle = createThrottle(onChange)
  let stopWatching = watchByEvents(file, throttle.call, () => {
    stopWatching = watchByLooking(file, throttle.call)
  })
  return () => {
    stopWatching()
    throttle.cancel()
  }
}

/** Watches the folder, since the file may not be there yet. */
function watchByEvents(file: string, changed: () => void, onFailure: () => void): Disposer {
  let watcher: FSWatcher
  try {
    watcher = watch(dirname(file), (_event, name) => {
      if (name === null || name === basename(file)) changed()
    })
  } catch {
    return watchByLooking(file, changed)
  }
  watcher.on('error', () => {
    watcher.close()
    onFailure()
  })
  return () => watcher.close()
}

function watchByLooking(file: string, changed: () => void): Disposer {
  watchFile(file, { interval: lookEvery }, changed)
  return () => unwatchFile(file, changed)
}

function createThrottle(run: () => void): { call(): void; cancel: Disposer } {
  let timer: NodeJS.Timeout | null = null
  let again = false
  let over = false

  function call(): void {
    if (over) return
    if (timer !== null) {
      again = true
      return
    }
    timer = setTimeout(() => {
      timer = null
      if (!again) return
      again = false
      call()
    }, pause)
    run()
  }

  return {
    call,
    cancel() {
      over = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}
