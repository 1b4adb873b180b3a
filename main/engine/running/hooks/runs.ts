import { mkdirSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Launcher } from '../../ports.ts'
import { endIn, markerIn } from '../run-once.ts'

const RUN = /^run-(\d+)$/
const HOOK = /^hook-\d+$/

const namesIn = (folder: string, pattern: RegExp): readonly string[] => readdirSync(folder).filter((name) => pattern.test(name))

/** @param index the hook's place among the job's hooks, from 0 */
export const hookFolder = (run: string, index: number): string => join(run, `hook-${index + 1}`)

/** The marker of whatever runs in a hook's folder. */
export const hookMarker = (jobId: string, folder: string): string => markerIn(folder, `${jobId}.${basename(folder)}`)

/**
 * The folder of one run of a job's hooks, made at once: what a hook left in the folder of another run says nothing about this
 * one, though it is the same hook. A run that goes on after a restart keeps its folder.
 *
 * @param root absolute path of the folder for all runs of the job's hooks
 * @throws when it cannot be made
 */
export function runFolder(root: string, goesOn: boolean): string {
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const last = Math.max(0, ...namesIn(root, RUN).map((name) => Number(RUN.exec(name)?.[1])))
  const folder = join(root, `run-${goesOn && last > 0 ? last : last + 1}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Ends what still runs of this run's hooks. @throws when the system would not tell */
export async function endRun(jobId: string, run: string, launcher: Launcher): Promise<void> {
  for (const name of namesIn(run, HOOK)) {
    const folder = join(run, name)
    await endIn({ folder, marker: hookMarker(jobId, folder), launcher })
  }
}

/** Ends what still runs of all runs but `current`, and removes their folders: after a restore nobody saw to their end. */
export async function endOtherRuns(jobId: string, root: string, current: string, launcher: Launcher): Promise<void> {
  for (const name of namesIn(root, RUN)) {
    const run = join(root, name)
    if (run === current) continue
    await endRun(jobId, run, launcher)
    await rm(run, { recursive: true, force: true })
  }
}
