import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ProcessIdentity } from '../../../main/engine/ports.ts'
import { linuxProcesses } from '../../../main/engine/processes/linux-processes.ts'
import { ended, eventually, manageAttempts, markedProcesses, standsStill, stateOf } from './attempts.ts'

const { launcher, attempt } = manageAttempts()

/** Writes a line as often as it can, and goes on until the file `go` is in its folder. */
const ticking = 'while [ ! -e go ]; do echo tick; done; exit 3'

const nothing = { processes: 0, unwilling: [] }

/** How many of its processes stand still, and how many go on. */
async function countsOf(marker: string): Promise<{ still: number; going: number }> {
  const all = await markedProcesses(marker)
  const still = all.filter(standsStill).length
  return { still, going: all.length - still }
}

describe('a frozen attempt', () => {
  it('stands still as a whole, and goes on where it was to its own end', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', `(sleep 300) & ${ticking}`])
    await one.says('tick')
    const exit = ended(launcher(), one.folder, identity)

    expect(await launcher().freeze(identity, one.marker)).toEqual({ processes: 3, unwilling: [] })
    expect(await countsOf(one.marker)).toEqual({ still: 3, going: 0 })
    const output = one.output()
    await writeFile(join(one.folder, 'go'), '')
    expect(await launcher().inspect(one.folder, one.marker, identity)).toEqual({ kind: 'alive', identity, frozen: true })
    expect(one.output()).toBe(output)

    expect(await launcher().thaw(identity, one.marker)).toEqual({ processes: expect.any(Number), unwilling: [] })
    expect(await exit).toEqual({ kind: 'exited', status: 3 })
  })

  it('stays so however often it is asked for, and so does a thawed one', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', ticking])
    await one.says('tick')
    const both = [launcher().freeze(identity, one.marker), launcher().freeze({ ...identity }, one.marker)]
    expect(await Promise.all(both)).toEqual([
      { processes: 2, unwilling: [] },
      { processes: 2, unwilling: [] },
    ])
    for (const _ of [1, 2]) expect(await launcher().thaw(identity, one.marker)).toEqual({ processes: 2, unwilling: [] })
    expect(await launcher().inspect(one.folder, one.marker, identity)).toMatchObject({ frozen: false })
  })

  it('holds processes that made a session of their own, and lets them go on too', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'setsid sh -c "echo outside; sleep 300" & echo inside; sleep 300'])
    await one.says('outside')
    await one.says('inside')
    const { processes } = await launcher().freeze(identity, one.marker)
    expect(await countsOf(one.marker)).toEqual({ still: processes, going: 0 })
    expect(await launcher().thaw(identity, one.marker)).toEqual({ processes, unwilling: [] })
    expect((await markedProcesses(one.marker)).map(stateOf)).not.toContain('T')
  })

  it('is not frozen as long as one of its group runs, and can be frozen again', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', ticking])
    await one.says('tick')
    await launcher().freeze(identity, one.marker)
    const [child = 0] = (await markedProcesses(one.marker)).filter((pid) => pid !== identity.pid)
    process.kill(child, 'SIGCONT')
    expect(await launcher().inspect(one.folder, one.marker, identity)).toEqual({ kind: 'alive', identity, frozen: false })
    expect(await launcher().freeze(identity, one.marker)).toEqual({ processes: 2, unwilling: [] })
    expect(await launcher().inspect(one.folder, one.marker, identity)).toEqual({ kind: 'alive', identity, frozen: true })
  })

  it.each([
    ['a shell that starts one after another', 'sh', 'echo up; while :; do /bin/true; done'],
    ['a shell that leaves them behind', 'sh', 'echo up; while :; do (sleep 1 &); done'],
    ['a shell that sends them out of its group', 'sh', 'echo up; while :; do setsid /bin/true; done'],
    [
      'a program that starts many side by side',
      process.execPath,
      'console.log("up"); const go = () => require("child_process").spawn("/bin/true").on("exit", go); go(); go(); go()',
    ],
  ])('is frozen though it starts processes all the time: %s', async (_who, program, code) => {
    const one = await attempt()
    const identity = await one.launch([program, program === 'sh' ? '-c' : '-e', code])
    await one.says('up')
    for (let round = 0; round < 10; round += 1) {
      expect(await launcher().freeze(identity, one.marker)).toMatchObject({ unwilling: [] })
      expect(await launcher().inspect(one.folder, one.marker, identity)).toMatchObject({ frozen: true })
      expect(await launcher().thaw(identity, one.marker)).toMatchObject({ unwilling: [] })
    }
    expect(await launcher().stop(identity, one.marker, 500)).toEqual({ survivors: [] })
  })

  it('is stopped in its own way, doing no more work before', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'trap "echo bye; exit 42" TERM; while :; do echo tick; sleep 0.01; done'])
    await one.says('tick')
    const exit = ended(launcher(), one.folder, identity)
    await launcher().freeze(identity, one.marker)
    const before = one.output()
    expect(await launcher().stop(identity, one.marker, 5000)).toEqual({ survivors: [] })
    expect(await exit).toEqual({ kind: 'exited', status: 42 })
    expect(one.output()).toBe(`${before}bye\n`)
  })

  it('cannot be made of one that is being stopped', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'trap "echo bye; exit 42" TERM; echo up; while :; do sleep 0.02; done'])
    await one.says('up')
    const exit = ended(launcher(), one.folder, identity)
    const stopped = launcher().stop(identity, one.marker, 20_000)
    expect(await launcher().freeze(identity, one.marker)).toEqual(nothing)
    expect(await stopped).toEqual({ survivors: [] })
    expect(await exit).toEqual({ kind: 'exited', status: 42 })
  })

  it('is none when the attempt has ended', async () => {
    const one = await attempt()
    const identity = await one.launch(['true'])
    await ended(launcher(), one.folder, identity)
    await eventually(async () => expect(await launcher().freeze(identity, one.marker)).toEqual(nothing))
    expect(await launcher().thaw(identity, one.marker)).toEqual(nothing)
  })

  it('is never a stranger that got the recorded pid, nor the attempt next to it', async () => {
    const [one, other] = [await attempt(), await attempt()]
    const stranger = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' })
    onTestFinished(() => void stranger.kill('SIGKILL'))
    const reused: ProcessIdentity = { pid: stranger.pid ?? 0, startTime: 'another boot:1' }
    const neighbour = await other.launch(['sleep', '300'])
    expect(await launcher().freeze(reused, one.marker)).toEqual(nothing)
    expect(stateOf(reused.pid)).toBe('S')
    expect(await launcher().inspect(other.folder, other.marker, neighbour)).toMatchObject({ frozen: false })
  })
})

describe('a sample of process groups', () => {
  it('tells how many run, what they hold and what they used, in the order asked', async () => {
    const [busy, idle] = [await attempt(), await attempt()]
    const working = await busy.launch(['sh', '-c', 'sleep 300 & while :; do echo up; done'])
    const resting = await idle.launch(['sleep', '300'])
    await busy.says('up')
    const attempts = [{ identity: resting }, { identity: working }]
    await eventually(async () => {
      const [one, other] = await launcher().sample(attempts)
      expect(one).toMatchObject({ processes: 2, frozen: false })
      expect(other).toMatchObject({ processes: 3, frozen: false })
      expect(other?.cpuMs).toBeGreaterThan((one?.cpuMs ?? 0) + 50)
      // Two shells and a `sleep` hold more than half a megabyte, and no more than fifty.
      for (const sample of [one, other]) expect(sample?.memoryBytes).toBeGreaterThan(512 * 1024)
      for (const sample of [one, other]) expect(sample?.memoryBytes).toBeLessThan(50 * 1024 * 1024)
    })
  })

  it('stands still with a frozen attempt', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'while :; do echo up; done'])
    await one.says('up')
    await launcher().freeze(identity, one.marker)
    const [first] = await launcher().sample([{ identity }])
    expect(first).toMatchObject({ processes: 2, frozen: true })
    expect(await launcher().sample([{ identity }])).toEqual([first])
  })

  it('keeps the time of commands that have ended', async () => {
    const one = await attempt()
    const burn = 'process.hrtime(); for (const end = Date.now() + 200; Date.now() < end; );'
    const identity = await one.launch(['sh', '-c', `"$1" -e "$2"; echo burnt; sleep 300`, 'sh', process.execPath, burn])
    await one.says('burnt')
    const [sample] = await launcher().sample([{ identity }])
    expect(sample?.cpuMs).toBeGreaterThanOrEqual(150)
  })

  it('is empty for what has ended, and for a stranger that got the pid', async () => {
    const one = await attempt()
    const identity = await one.launch(['true'])
    await ended(launcher(), one.folder, identity)
    const stranger = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' })
    onTestFinished(() => void stranger.kill('SIGKILL'))
    const reused: ProcessIdentity = { pid: stranger.pid ?? 0, startTime: 'another boot:1' }
    const empty = { processes: 0, memoryBytes: 0, cpuMs: 0, frozen: false }
    await eventually(() => expect(linuxProcesses().startTimeOf(identity.pid)).toBeNull())
    expect(await launcher().sample([{ identity }, { identity: reused }])).toEqual([empty, empty])
    expect(await launcher().sample([])).toEqual([])
  })
})
