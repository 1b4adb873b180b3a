import { LaunchError } from '../errors.ts'
import type { Launcher } from '../ports.ts'

/*
 * Why Fermata runs no jobs on Windows, in the one place that says so. Written without a Windows computer and never run on one.
 *
 * What is missing is not the start (a detached process with files as its streams would do) nor the stop (`taskkill /T /F`
 * ends a tree whose root lives), but what an attempt must survive:
 * - Its end. No small program is there on every Windows that waits for a command and writes down its exit status, as
 *   `/bin/sh` does elsewhere: `cmd.exe` takes a command line apart in ways nobody can quote against, and Fermata's own
 *   binary may not run as Node in a package. Without one, whatever ends while Fermata is away is lost and would be run again.
 * - Its tree. Windows has no process groups, tells nobody the environment of another process, and forgets the parent of an
 *   orphan: children whose parent has ended could neither be found nor ended. A job object ends them all, but with Fermata.
 * - Its standstill. No signal stops a process and lets it go on.
 * - Its command. Most agents come as `.cmd` files, which only `cmd.exe` can run.
 *
 * A helper of our own that holds a named job object per attempt would solve all four.
 */

const remedy = 'Run it inside the Windows Subsystem for Linux.'

function cannotFreeze(): Promise<never> {
  return Promise.reject(new LaunchError('FREEZE_UNSUPPORTED', 'Windows cannot freeze a running process.', { remedy }))
}

function refusal(): LaunchError {
  return new LaunchError('LAUNCHER_UNSUPPORTED', 'Fermata cannot run jobs on Windows yet.', { remedy })
}

/** A launcher that starts nothing: every launch throws LaunchError LAUNCHER_UNSUPPORTED, and nothing is ever found running. */
export function createWindowsLauncher(): Launcher {
  return {
    canFreeze: false,
    launch: () => Promise.reject(refusal()),
    watch() {
      throw refusal()
    },
    inspect: () => Promise.resolve({ kind: 'gone' }),
    stop: () => Promise.resolve({ survivors: [] }),
    freeze: cannotFreeze,
    thaw: cannotFreeze,
    living: () => Promise.resolve([]),
    sample: (attempts) => Promise.resolve(attempts.map(() => ({ processes: 0, memoryBytes: 0, cpuMs: 0, frozen: false }))),
  }
}
