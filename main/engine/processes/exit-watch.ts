import { type FSWatcher, watch as watchFiles } from 'node:fs'
import type { AttemptExit, Disposer, ProcessIdentity } from '../ports.ts'
import { attemptFiles, readExitStatus } from './attempt-folder.ts'
import { isLive, type ProcessTable } from './process-table.ts'

/** How often adopted processes are looked at, in ms. */
const lookEvery = 1000

/** How the attempt ended as its files tell it. To be asked only when its wrapper is gone: nobody writes `exit` any more. */
export async function exitOf(folder: string): Promise<AttemptExit> {
  const status = await readExitStatus(folder)
  return status === null ? { kind: 'lost' } : { kind: 'exited', status }
}

/** Watches processes that are not our children, so that the system does not tell us of their end. */
interface AdoptedWatch {
  /** Calls `onExit` once, when the process has ended. */
  watch(folder: string, identity: ProcessIdentity, onExit: (exit: AttemptExit) => void): Disposer
}

interface Watched {
  readonly identity: ProcessIdentity
  readonly gone: () => void
}

/** One timer for all, running only while something is watched. */
export function adoptedWatch(table: ProcessTable): AdoptedWatch {
  const watched = new Set<Watched>()
  let timer: NodeJS.Timeout | null = null
  let looking = false

  async function look(): Promise<void> {
    if (looking) return
    looking = true
    // Who comes while the list is being read is not in it, and not dead.
    const asked = [...watched]
    try {
      const entries = await table.list({ pids: asked.map((one) => one.identity.pid) })
      const live = new Set(entries.filter(isLive).map((entry) => `${entry.pid} ${entry.startTime}`))
      for (const one of asked) if (!live.has(`${one.identity.pid} ${one.identity.startTime}`)) one.gone()
    } catch {
      // The system would not tell now; it is asked again in a second.
    } finally {
      looking = false
    }
  }

  function add(one: Watched): void {
    watched.add(one)
    timer ??= setInterval(look, lookEvery)
    void look()
  }

  function remove(one: Watched): void {
    watched.delete(one)
    if (watched.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }

  return {
    watch(folder, identity, onExit) {
      let over = false
      const one: Watched = { identity, gone: () => void exitOf(folder).then(finish) }
      const file = watchPid(folder, () => {
        void readExitStatus(folder).then((status) => status !== null && finish({ kind: 'exited', status }))
      })

      function dispose(): void {
        over = true
        file?.close()
        remove(one)
      }
      function finish(exit: AttemptExit): void {
        if (over) return
        dispose()
        onExit(exit)
      }

      add(one)
      return dispose
    },
  }
}

/** Tells of the exit file at once (see wrapper.ts). Where watching files is not possible, the timer finds it a second later. */
function watchPid(folder: string, onExitFile: () => void): FSWatcher | null {
  try {
    const watcher = watchFiles(attemptFiles(folder).pid, onExitFile)
    return watcher.on('error', () => watcher.close())
  } catch {
    return null
  }
}
