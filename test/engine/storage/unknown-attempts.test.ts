import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProcessIdentity } from '../../../main/engine/ports.ts'
import { createLauncher } from '../../../main/engine/processes/launcher.ts'
import { attemptFolder } from '../../../main/engine/running/preparation.ts'
import { type OpenDatabase, openDatabase } from '../../../main/engine/storage/database.ts'
import { setAside, type UnknownAttempt, unknownAttempts } from '../../../main/engine/storage/unknown-attempts.ts'
import { makePlace, type Place } from '../../support/place.ts'
import { killAll, processesWithMarker } from '../../support/processes.ts'
import { until } from '../../support/wait.ts'

const launcher = createLauncher()
const GRACE_MS = 500
const NOW = 1_780_000_000_000

let place: Place
let database: OpenDatabase
beforeEach(() => {
  place = makePlace()
  database = openDatabase(place.dataDir)
})
afterEach(() => {
  database.close()
  killAll(processesWithMarker(place.root).map(({ pid }) => pid))
  place.remove()
})

/** An attempt as a Fermata lays it out; the database gets to know its job, or the attempt too. */
function layOut(jobId: string, sheet: number, number: number, known: 'attempt' | 'job' | null): string {
  const { db } = database
  const folder = attemptFolder(place.dataDir, jobId, sheet, number)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'prompt'), '')
  writeFileSync(join(folder, 'marker'), markerOf(folder))
  if (known) {
    db.prepare(
      `INSERT OR IGNORE INTO jobs (id, name, status, version, created_at, updated_at, completed_sheets, total_sheets, score_path, score, notes, chain_depth, state)
       VALUES (?, 'test', 'running', 1, 0, 0, 0, 9, '/s.yaml', '{}', '[]', 0, '{}')`,
    ).run(jobId)
  }
  if (known === 'attempt') {
    db.prepare(
      `INSERT INTO attempts (job_id, sheet, number, marker, folder, instrument, choice, mode, started_at) VALUES (?, ?, ?, ?, ?, 'cli', 0, 'normal', 0)`,
    ).run(jobId, sheet, number, markerOf(folder), folder)
  }
  return folder
}
const markerOf = (folder: string): string => `m${folder.replaceAll('/', '.')}`

async function launch(folder: string, script: string): Promise<ProcessIdentity> {
  const env = { PATH: process.env.PATH ?? '', FERMATA_ATTEMPT: markerOf(folder), PLACE: place.root }
  const identity = await launcher.launch({ folder, argv: ['sh', '-c', script], cwd: place.root, env, promptOnStdin: false })
  await until('it is up', () => readFileSync(join(folder, 'stdout'), 'utf8').includes('up'))
  return identity
}
const ended = (folder: string) => until('it ended', () => existsSync(join(folder, 'exit')))
const find = (isRestored = true): readonly UnknownAttempt[] =>
  unknownAttempts(place.dataDir, { ...database, restored: isRestored ? { from: 0, damaged: null } : null })
const found = (isRestored?: boolean) => find(isRestored).map(({ jobId, sheet, number }) => `${jobId}/${sheet}-${number}`)
const livingMarkers = () => [...new Set(processesWithMarker(place.root).map(({ marker }) => marker))]

describe('attempts the database does not know', () => {
  it('are found after a restore, whether their job is known or not', () => {
    layOut('known', 1, 1, 'attempt')
    layOut('known', 1, 2, 'job')
    layOut('known', 12, 3, 'job')
    layOut('unknown', 1, 1, null)
    mkdirSync(join(place.dataDir, 'attempts', 'known', 'hooks'))
    expect(found().sort()).toEqual(['known/1-2', 'known/12-3', 'unknown/1-1'])
  })

  it('are looked for only among unknown jobs when the database was not restored', () => {
    layOut('known', 1, 2, 'job')
    layOut('unknown', 1, 1, null)
    expect(found(false)).toEqual(['unknown/1-1'])
  })

  it('are none where there is no attempts folder', () => expect(found()).toEqual([]))

  it('are ended with all they started, and make room for new ones', async () => {
    const known = layOut('job', 1, 1, 'attempt')
    const unknown = layOut('job', 1, 2, 'job')
    const scripts = [launch(known, 'echo up; sleep 300'), launch(unknown, 'trap "" TERM; sleep 300 & echo up; wait; sleep 300')]
    await Promise.all(scripts)
    expect(await setAside(find(), launcher, GRACE_MS, NOW)).toEqual([])
    expect(livingMarkers()).toEqual([markerOf(known)])
    expect(readdirSync(join(place.dataDir, 'attempts', 'job')).sort()).toEqual(['1-1', `1-2.unknown-${NOW}`])
    expect(readFileSync(join(`${unknown}.unknown-${NOW}`, 'stdout'), 'utf8')).toBe('up\n')
    expect(found()).toEqual([])
  })

  it('that have ended are rid of what they left when their sheet may run again, and only then', async () => {
    const again = layOut('job', 1, 1, 'job')
    const nobodys = layOut('unknown', 1, 1, null)
    for (const folder of [again, nobodys]) {
      await launch(folder, 'sleep 300 >/dev/null & echo up')
      await ended(folder)
    }
    expect(find().map(({ hasEnded }) => hasEnded)).toEqual([true, true])
    expect(await setAside(find(), launcher, GRACE_MS, NOW)).toEqual([])
    expect(livingMarkers()).toEqual([markerOf(nobodys)])
    expect(found()).toEqual([])
  })

  it('that were only laid out are put aside', async () => {
    const folder = attemptFolder(place.dataDir, 'job', 1, 1)
    mkdirSync(folder, { recursive: true })
    expect(find()).toEqual([expect.objectContaining({ marker: null, hasEnded: false })])
    expect(await setAside(find(), launcher, GRACE_MS, NOW)).toEqual([])
    expect(existsSync(folder)).toBe(false)
  })

  it('stay where they are when the system would not tell what runs', async () => {
    const folder = layOut('job', 1, 1, 'job')
    const blind = { ...launcher, inspect: () => Promise.reject(new Error('no /proc')) }
    await expect(setAside(find(), blind, GRACE_MS, NOW)).rejects.toThrow('no /proc')
    expect(existsSync(folder)).toBe(true)
  })
})
