import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ProcessIdentity } from '../../main/engine/ports.ts'
import { ended, isLive, manageAttempts, standsStill, stateOf, type TestAttempt } from '../engine/processes/attempts.ts'
import { randomTree } from '../engine/processes/random-tree.ts'
import { killAll } from '../support/processes.ts'
import { until } from '../support/wait.ts'

const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 5)
const SEED = Number(process.env.FAULT_SEED ?? 1)
const GRACE_MS = 200

const { launcher, attempt } = manageAttempts()
/** Attempts' folders; a file `halt` in one tells what would run on for ever that its test is over. */
const folders: string[] = []

// Found by their working folder and not by their marker: some of them drop it, and it is not what is tested that cleans up.
afterEach(async () => {
  for (const folder of folders.splice(0)) {
    await writeFile(join(folder, 'halt'), '')
    await until('no process left', () => {
      const left = livingIn(folder)
      killAll(left)
      return left.length === 0
    })
  }
})

/** An attempt whose command is this script, after all of its processes are there. */
async function grown(script: string, processes: number): Promise<{ one: TestAttempt; identity: ProcessIdentity }> {
  const one = await attempt()
  folders.push(one.folder)
  const identity = await one.launch(['sh', '-c', script])
  // Until then one of the processes is the wrapper's `mv`.
  await until('the wrapper is ready', () => existsSync(join(one.folder, 'pid')))
  await until(`${processes} processes`, () => livingIn(one.folder).length === processes)
  return { one, identity }
}

/** Pids of all that work in the folder: whatever they did to their group, session, parents and environment. */
function livingIn(folder: string): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).filter((pid) => workplaceOf(pid) === folder && isLive(pid))
}

function workplaceOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return null
  }
}

async function expectNothingAfterCancel(one: TestAttempt, identity: ProcessIdentity): Promise<void> {
  expect(await launcher().stop(identity, one.marker, GRACE_MS)).toEqual({ survivors: [] })
  expect(livingIn(one.folder)).toEqual([])
}

const asleep = 'exec sleep 300'
const deaf = (script: string) => `trap '' TERM; ${script}`
const group = (...scripts: readonly string[]) => `${scripts.map((script) => `sh -c '${script}' &`).join(' ')} wait`

describe('after a cancel nothing is alive of a tree of processes', () => {
  it.each([
    ['that ignore SIGTERM', deaf('sleep 300 & sleep 300 & wait; wait'), 4],
    ['whose children close their streams', `${group('exec <&- >&- 2>&-; sleep 300; :', 'exec >&-; sleep 300; :')}`, 6],
    ['that forked twice', '( (sleep 300 &) & ) ; ( (sleep 300 &) & ); sleep 300; :', 5],
    ['that forked twice into sessions of their own', '(setsid sleep 300 &); (setsid sleep 300 &); sleep 300; :', 5],
    ['in a session of their own that ignore SIGTERM', `setsid sh -c "trap '' TERM; sleep 300 & wait; wait" & sleep 300; :`, 5],
    ['of which one left, and lost its parents', `setsid sh -c "(sleep 300 &); (sleep 300 &)"; ${asleep}`, 4],
    ['of which one stops itself', `sh -c 'kill -STOP $$; :' & setsid sh -c 'kill -STOP $$; :' & ${asleep}`, 4],
    ['in groups of a shell with job control', "exec bash -c 'set -m; sleep 300 & sleep 300 & wait'", 4],
  ])('%s', async (_which, script, processes) => {
    const { one, identity } = await grown(script, processes)
    await expectNothingAfterCancel(one, identity)
  })

  it('with zombies in it', async () => {
    // What `sleep` never asked for it never waits for.
    const { one, identity } = await grown(`true & true & setsid sh -c 'true & ${asleep}' & ${asleep}`, 3)
    await until('zombies', () => {
      const parents = livingIn(one.folder)
      const children = execFileSync('ps', ['-A', '-o', 'ppid=,state='], { encoding: 'utf8' }).trim().split('\n')
      return children.filter((line) => line.endsWith('Z') && parents.includes(Number.parseInt(line, 10))).length >= 3
    })
    await expectNothingAfterCancel(one, identity)
  })

  it('that is a fork bomb of depth 3, deaf to SIGTERM', async () => {
    const one = await attempt()
    folders.push(one.folder)
    await writeFile(join(one.folder, 'bomb'), deaf('[ "$1" = 0 ] || for i in 1 2 3; do sh bomb $(($1 - 1)) & done; sleep 300; :'))
    const identity = await one.launch(['sh', 'bomb', '3'])
    // The wrapper, 40 shells, and what each of them sleeps by.
    await until('the bomb has gone off', () => livingIn(one.folder).length === 81)
    await expectNothingAfterCancel(one, identity)
  })

  it('that is a fork bomb just going off, with fragments in other sessions', async () => {
    const one = await attempt()
    folders.push(one.folder)
    const bomb = '[ "$1" = 0 ] || for i in 1 2 3; do setsid sh bomb $(($1 - 1)) & sh bomb $(($1 - 1)) & done; sleep 300; :'
    await writeFile(join(one.folder, 'bomb'), deaf(bomb))
    const identity = await one.launch(['sh', 'bomb', '2'])
    await until('the first fragments', () => livingIn(one.folder).length > 5)
    await expectNothingAfterCancel(one, identity)
  })

  it('that ended but for what it left', async () => {
    const one = await attempt()
    folders.push(one.folder)
    const identity = await one.launch(['sh', '-c', '(sleep 300 &); (setsid sleep 300 &); exit 0'])
    expect(await ended(launcher(), one.folder, identity)).toEqual({ kind: 'exited', status: 0 })
    expect(livingIn(one.folder)).toHaveLength(2)
    await expectNothingAfterCancel(one, identity)
  })

  it('that raises whoever falls', async () => {
    const raise = (script: string) => deaf(`while :; do ${script}; done`)
    const { one, identity } = await grown(`sh -c "${raise('sleep 300')}" & ${raise('setsid -w sleep 300')}`, 5)
    await expectNothingAfterCancel(one, identity)
  })

  it('that runs away from one process to the next', async () => {
    const one = await attempt()
    folders.push(one.folder)
    // Each begins its successor and ends.
    await writeFile(join(one.folder, 'runaway'), deaf('[ -e halt ] || sh runaway &'))
    const identity = await one.launch(['sh', '-c', `setsid sh runaway & ${asleep}`])
    await until('it runs', () => livingIn(one.folder).length > 2)
    await expectNothingAfterCancel(one, identity)
  })

  it.each(Array.from({ length: ROUNDS }, (_, round) => SEED + round))(
    'of any shape, at any moment (replay: npm run faults -- --rounds 1 --seed %i)',
    async (seed) => {
      const tree = randomTree(seed)
      const one = await attempt()
      folders.push(one.folder)
      for (const [name, script] of tree.scripts) await writeFile(join(one.folder, name), script)
      const identity = await one.launch(['sh', tree.root])
      const grownTo = () => readdirSync(one.folder).filter((name) => name.startsWith('up-')).length
      await until(`${tree.cancelAt} nodes up`, () => grownTo() >= tree.cancelAt)
      if (tree.frozen) await launcher().freeze(identity, one.marker)
      await expectNothingAfterCancel(one, identity)
    },
  )
})

describe('what wiped its environment', () => {
  it('is ended as long as it is in the group', async () => {
    const { one, identity } = await grown(`env -i /bin/sh -c "trap '' TERM; /bin/sleep 300 & wait; wait" & ${asleep}`, 4)
    await expectNothingAfterCancel(one, identity)
  })

  it('and left the group too is ended as long as its parent is there to prove whose it is', async () => {
    const { one, identity } = await grown(`env -i setsid /bin/sh -c 'trap "" TERM; : >away; /bin/sleep 300; :' & ${asleep}`, 4)
    await until('it is away', () => existsSync(join(one.folder, 'away')))
    await expectNothingAfterCancel(one, identity)
  })

  it('and left its group and its parent too is ended: its limits tell whose it is', async () => {
    const { one, identity } = await grown(`(env -i setsid /bin/sh -c ': >away; ${asleep}' &) ; ${asleep}`, 3)
    await until('it is away', () => existsSync(join(one.folder, 'away')))
    await expectNothingAfterCancel(one, identity)
  })

  it('and closed all its files, and forked twice, is ended as well', async () => {
    const daemon = `exec 0<&- 1>&- 2>&-; (setsid /bin/sh -c "(trap '' TERM; : >away; ${asleep}) &" &)`
    const { one, identity } = await grown(`env -i /bin/sh -c '${daemon.replaceAll("'", `'\\''`)}'; ${asleep}`, 3)
    await until('it is away', () => existsSync(join(one.folder, 'away')))
    await expectNothingAfterCancel(one, identity)
  })
})

describe('a frozen attempt that is touched from outside', () => {
  const ticking = 'while [ ! -e go ]; do echo tick; done; exit 3'

  async function frozen(script = ticking, processes = 2): Promise<{ one: TestAttempt; identity: ProcessIdentity }> {
    const { one, identity } = await grown(script, processes)
    expect(await launcher().freeze(identity, one.marker)).toEqual({ processes, unwilling: [] })
    return { one, identity }
  }

  it('is lost when it is killed, and nothing is left to thaw', async () => {
    const { one, identity } = await frozen()
    const exit = ended(launcher(), one.folder, identity)
    process.kill(-identity.pid, 'SIGKILL')
    expect(await exit).toEqual({ kind: 'lost' })
    expect(await launcher().inspect(one.folder, one.marker, identity)).toEqual({ kind: 'gone' })
    expect(await launcher().thaw(identity, one.marker)).toEqual({ processes: 0, unwilling: [] })
    await expectNothingAfterCancel(one, identity)
  })

  it('tells of the death of its command when it is thawed', async () => {
    const { one, identity } = await frozen()
    const exit = ended(launcher(), one.folder, identity)
    const command = livingIn(one.folder).filter((pid) => pid !== identity.pid)
    killAll(command)
    await until('the command is dead', () => !command.some(isLive))
    expect(await launcher().inspect(one.folder, one.marker, identity)).toEqual({ kind: 'alive', identity, frozen: true })
    await launcher().thaw(identity, one.marker)
    expect(await exit).toEqual({ kind: 'exited', status: 137 })
  })

  it('leaves frozen processes behind when its wrapper is killed, and a cancel ends them', async () => {
    const { one, identity } = await frozen(group('sleep 300; :', 'sleep 300; :'), 6)
    const exit = ended(launcher(), one.folder, identity)
    killAll([identity.pid])
    expect(await exit).toEqual({ kind: 'lost' })
    expect(livingIn(one.folder).map(standsStill)).toEqual([true, true, true, true, true])
    await expectNothingAfterCancel(one, identity)
  })

  it('runs when it is thawed, is seen to run, and ends as ever', async () => {
    const { one, identity } = await frozen()
    const exit = ended(launcher(), one.folder, identity)
    process.kill(-identity.pid, 'SIGCONT')
    expect(await launcher().inspect(one.folder, one.marker, identity)).toEqual({ kind: 'alive', identity, frozen: false })
    expect(await launcher().thaw(identity, one.marker)).toEqual({ processes: 2, unwilling: [] })
    await writeFile(join(one.folder, 'go'), '')
    expect(await exit).toEqual({ kind: 'exited', status: 3 })
  })

  it('is ended with the children of a shell with job control whose death lets them go on', async () => {
    const { one, identity } = await frozen("exec bash -c 'set -m; (trap : HUP; sleep 300; sleep 300) & wait'", 4)
    // The system wakes a stopped group that has lost the last shell that could.
    const [shell = 0] = livingIn(one.folder).filter((pid) => pid !== identity.pid)
    killAll([shell])
    await until('the shell is dead', () => !isLive(shell))
    await expectNothingAfterCancel(one, identity)
  })
})

describe('a pid that another process got meanwhile', () => {
  it('is neither signalled, frozen, thawed nor counted', async () => {
    const { one: stranger, identity } = await grown(group('sleep 300; :', 'sleep 300; :'), 6)
    const one = await attempt()
    const recorded = { ...identity, startTime: `${identity.startTime}0` }
    await writeFile(join(one.folder, 'pid'), `${identity.pid}\n`)
    const before = livingIn(stranger.folder)

    expect(await launcher().inspect(one.folder, one.marker, recorded)).toEqual({ kind: 'gone' })
    expect(await launcher().freeze(recorded, one.marker)).toEqual({ processes: 0, unwilling: [] })
    expect(await launcher().thaw(recorded, one.marker)).toEqual({ processes: 0, unwilling: [] })
    expect(await launcher().sample([{ identity: recorded }])).toMatchObject([{ processes: 0, memoryBytes: 0 }])
    expect(await launcher().stop(recorded, one.marker, GRACE_MS)).toEqual({ survivors: [] })
    expect(await ended(launcher(), one.folder, recorded)).toEqual({ kind: 'lost' })
    expect(livingIn(stranger.folder)).toEqual(before)
    expect(before.map(stateOf)).not.toContain('T')
  })
})
