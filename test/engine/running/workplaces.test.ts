import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobRecord } from '../../../main/engine/ports.ts'
import { createWorkplaces } from '../../../main/engine/running/workspace/workplaces.ts'
import { newJob, policyOf } from '../../../main/engine/scheduling/new-job.ts'
import { planScore } from '../../../main/engine/score/plan.ts'
import { makePlace, type Place } from '../../support/place.ts'
import { aScore } from '../../support/score.ts'

let place: Place
beforeEach(() => {
  place = makePlace()
  const git = (...args: string[]) => execFileSync('git', ['-C', place.workspace, ...args], { stdio: 'pipe' })
  git('init', '-q', '-b', 'main')
  writeFileSync(place.inWorkspace('a.md'), 'first')
  git('add', '.')
  git('-c', 'user.name=T', '-c', 'user.email=t@example.org', 'commit', '-qm', 'first')
})
afterEach(() => place.remove())

function aJob(isolation: object): JobRecord {
  const score = aScore({ workspace: place.workspace, isolation: { enabled: true, ...isolation } })
  const plan = planScore(score)
  const state = { ...newJob('opera-1a2b', plan, policyOf(score), 0), status: 'failed' as const }
  return { state, score, plan, notes: [], chainDepth: 0, follows: null, scorePath: join(place.root, 'opera.yaml') }
}

describe('a job that goes on right after its end', () => {
  it.each([{ cleanup_on_failure: true }, { cleanup_on_failure: false }])('has its worktree (%o)', async (isolation) => {
    const problems: string[] = []
    // Slow enough for two to see the same lock.
    mkdirSync(join(place.root, 'bin'))
    const slowly = 'case "$*" in *unlock*) sleep 0.2;; esac'
    writeFileSync(join(place.root, 'bin/git'), `#!/bin/sh\n${slowly}\nPATH=$REAL exec git "$@"\n`, { mode: 0o755 })
    const environment = { PATH: `${join(place.root, 'bin')}:${process.env.PATH}`, REAL: process.env.PATH }
    const workplaces = createWorkplaces(environment, (message) => problems.push(message))
    const job = aJob(isolation)
    await workplaces.placeFor(job)
    workplaces.close(job)
    const { workspace: folder } = await workplaces.placeFor(job)
    await workplaces.idle()
    expect([folder, problems.slice(1)]).toEqual([place.inWorkspace('.worktrees/opera-1a2b'), []])
    expect(existsSync(join(folder, 'a.md'))).toBe(true)
    const listed = execFileSync('git', ['-C', place.workspace, 'worktree', 'list', '--porcelain'], { encoding: 'utf8' })
    expect(listed).toMatch(/^locked/m)
  })
})
