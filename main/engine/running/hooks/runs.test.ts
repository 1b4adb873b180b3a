import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../../test/support/place.ts'
import { killAll, processesWithMarker } from '../../../../test/support/processes.ts'
import { createLauncher } from '../../processes/launcher.ts'
import { systemClock } from '../clock.ts'
import { runOnce } from '../run-once.ts'
import { endOtherRuns, hookFolder, hookMarker, runFolder } from './runs.ts'

let place: Place
let root: string
beforeEach(() => {
  place = makePlace()
  root = join(place.root, 'hooks')
})
afterEach(() => {
  killAll(processesWithMarker(place.root).map(({ pid }) => pid))
  place.remove()
})

describe('a run of a job’s hooks', () => {
  it('has a folder of its own; one that goes on keeps it', () => {
    expect(runFolder(root, true)).toBe(join(root, 'run-1'))
    expect(runFolder(root, true)).toBe(join(root, 'run-1'))
    for (let run = 2; run <= 10; run++) expect(runFolder(root, false)).toBe(join(root, `run-${run}`))
    expect(runFolder(root, true)).toBe(join(root, 'run-10'))
  })

  it('does not begin beside what is left of another', async () => {
    const launcher = createLauncher()
    const folder = hookFolder(runFolder(root, false), 0)
    const marker = hookMarker('opera-1a2b', folder)
    const running = runOnce({
      ...{ folder, marker, launcher, clock: systemClock, timeoutMs: 20_000, capOutput: async () => {} },
      argv: ['sh', '-c', 'touch begun; sleep 300'],
      cwd: place.workspace,
      env: { PATH: process.env.PATH ?? '', FERMATA_ATTEMPT: marker, FERMATA_WORKSPACE: place.workspace },
    })
    await expect.poll(() => existsSync(place.inWorkspace('begun')), { interval: 10 }).toBe(true)
    const next = runFolder(root, false)
    await endOtherRuns('opera-1a2b', root, next, launcher)
    await running
    expect(processesWithMarker(place.root)).toEqual([])
    expect(readdirSync(root)).toEqual(['run-2'])
  })
})
