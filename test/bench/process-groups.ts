import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay, setImmediate } from 'node:timers/promises'
import type { ProcessIdentity } from '../../main/engine/ports.ts'
import { createLauncher } from '../../main/engine/processes/launcher.ts'
import { until } from '../support/wait.ts'
import { type Bench, quantile, type Row } from './bench.ts'

const GROUPS = 64
/** The wrapper or its like, a command and three children. */
const PROCESSES = 5
const GRACE_MS = 500
const ROUNDS = 200

const OBEDIENT = 'sleep 300 & sleep 300 & sleep 300 & wait; exit 0'
const STUBBORN = `trap '' TERM; ${OBEDIENT}`

/** Cancelling, freezing and sampling attempts of five processes, against bare signals to bare groups of five. */
export const processGroups: Bench = {
  name: `process groups of ${PROCESSES}`,
  async run() {
    const beyondGrace = await cancel(STUBBORN, GRACE_MS)
    const obedient = await cancel(OBEDIENT, 0)
    return [
      { what: `cancel of ${GROUPS}, beyond the grace`, ...beyondGrace, unit: 'ms' },
      { what: `cancel of ${GROUPS} that obey`, ...obedient, unit: 'ms' },
      ...(await freezing()),
      await sampling(),
    ]
  },
}

/** Until all groups are gone, less `waited` ms: from our order, and from signals sent by hand. */
async function cancel(script: string, waited: number): Promise<Pick<Row, 'value' | 'bare'>> {
  const value = await withAttempts(GROUPS, script, (attempts) =>
    took(() => Promise.all(attempts.map(({ identity, marker }) => launcher.stop(identity, marker, GRACE_MS)))),
  )
  const bare = await withBareGroups(GROUPS, script, (leaders) =>
    took(async () => {
      for (const pid of leaders) process.kill(-pid, 'SIGTERM')
      if (waited > 0) {
        await delay(waited)
        for (const pid of leaders) process.kill(-pid, 'SIGKILL')
      }
      const areLeft = () => {
        const live = liveGroups()
        return leaders.some((pid) => live.has(pid))
      }
      while (areLeft()) await setImmediate()
    }),
  )
  return { value: value - waited, bare: bare - waited }
}

/** From the order until every process is seen to be stopped. */
async function freezing(): Promise<readonly Row[]> {
  const ours = await withAttempts(1, OBEDIENT, async ([attempt]) => {
    if (!attempt) return []
    const { identity, marker } = attempt
    return rounds(
      () => launcher.freeze(identity, marker),
      () => launcher.thaw(identity, marker),
    )
  })
  const bare = await withBareGroups(1, OBEDIENT, async ([leader = 0]) => {
    const members = membersOf(leader)
    const signal = async (name: 'SIGSTOP' | 'SIGCONT', stopped: boolean) => {
      process.kill(-leader, name)
      while (members.some((pid) => (statOf(pid)?.state === 'T') !== stopped)) await setImmediate()
    }
    return rounds(
      () => signal('SIGSTOP', true),
      () => signal('SIGCONT', false),
    )
  })
  return [0.5, 0.99].map((p) => ({
    what: `freeze latency, p${p * 100}`,
    value: quantile(ours, p),
    bare: quantile(bare, p),
    unit: 'ms',
  }))
}

async function rounds(work: () => Promise<unknown>, undo: () => Promise<unknown>): Promise<readonly number[]> {
  const samples: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    samples.push(await took(work))
    await undo()
  }
  return samples
}

/** A sample of all groups, against only reading what the system tells of each process. */
async function sampling(): Promise<Row> {
  return withAttempts(GROUPS, OBEDIENT, async (attempts) => {
    const ours: number[] = []
    const bare: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await took(() => launcher.sample(attempts)))
      bare.push(await took(async () => void allPids().map(statOf)))
    }
    return { what: `sample of ${GROUPS}, p50`, value: quantile(ours, 0.5), bare: quantile(bare, 0.5), unit: 'ms' }
  })
}

const launcher = createLauncher()

interface Attempt {
  readonly identity: ProcessIdentity
  readonly marker: string
}

async function withAttempts<T>(count: number, script: string, use: (attempts: readonly Attempt[]) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'fermata-bench-'))
  const attempts: Attempt[] = []
  try {
    for (let index = 0; index < count; index += 1) {
      const folder = join(root, `${index}`)
      const marker = `bench.${process.pid}.${index}`
      const env = { PATH: process.env.PATH ?? '', FERMATA_ATTEMPT: marker }
      await mkdir(folder)
      const argv = ['sh', '-c', script] as const
      const identity = await launcher.launch({ folder, argv, cwd: folder, env, promptOnStdin: false })
      attempts.push({ identity, marker })
    }
    await allThere(attempts.map(({ identity }) => identity.pid))
    return await use(attempts)
  } finally {
    for (const { identity } of attempts) killGroup(identity.pid)
    await rm(root, { recursive: true, force: true })
  }
}

async function withBareGroups<T>(count: number, script: string, use: (leaders: readonly number[]) => Promise<T>): Promise<T> {
  const leaders: ChildProcess[] = []
  try {
    for (let index = 0; index < count; index += 1) {
      // A shell that waits for another one, as an attempt's wrapper does.
      const outer = `trap : TERM; (exec sh -c "$1"); exit`
      leaders.push(spawn('sh', ['-c', outer, 'sh', script], { detached: true, stdio: 'ignore' }))
    }
    const pids = leaders.map(({ pid }) => pid ?? 0)
    await allThere(pids)
    return await use(pids)
  } finally {
    for (const { pid } of leaders) killGroup(pid ?? 0)
  }
}

const allThere = (leaders: readonly number[]) =>
  until('all processes to be there', () => leaders.every((pid) => membersOf(pid).length === PROCESSES))

/** A group that is gone is no trouble: most are when the work is done. */
function killGroup(leader: number): void {
  if (membersOf(leader).length > 0) process.kill(-leader, 'SIGKILL')
}

function membersOf(group: number): readonly number[] {
  return allPids().filter((pid) => isLive(statOf(pid)) && statOf(pid)?.group === group)
}

/** The groups of all processes that live. */
function liveGroups(): ReadonlySet<number | undefined> {
  return new Set(
    allPids()
      .map(statOf)
      .filter(isLive)
      .map((stat) => stat?.group),
  )
}

function allPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

interface Stat {
  readonly state: string
  readonly group: number
}

function isLive(stat: Stat | null): boolean {
  return stat !== null && stat.state !== 'Z'
}

function statOf(pid: number): Stat | null {
  try {
    const [state = '', , group] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return { state, group: Number(group) }
  } catch {
    return null
  }
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}
