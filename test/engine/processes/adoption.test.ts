import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ProcessIdentity } from '../../../main/engine/ports.ts'
import { linuxProcesses } from '../../../main/engine/processes/linux-processes.ts'
import { ended, eventually, isLive, manageAttempts, numberIn, type TestAttempt } from './attempts.ts'

const { launcher, attempt } = manageAttempts()

/** A command that goes on until the file `go` is in its folder. */
const untilGo = 'echo up; while [ ! -e go ]; do sleep 0.02; done; echo done; exit 3'

/** Another Fermata, in a process of its own, that has launched `script` as this attempt. */
async function supervise(one: TestAttempt, script: string): Promise<{ supervisor: ChildProcess; identity: ProcessIdentity }> {
  const program = join(import.meta.dirname, 'supervisor.ts')
  const supervisor = spawn(process.execPath, [program, one.folder, one.marker, 'sh', '-c', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void supervisor.kill('SIGKILL'))
  const [line] = await once(supervisor.stdout, 'data')
  return { supervisor, identity: JSON.parse(String(line)) }
}

async function killHard(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** A process that has nothing to do with any attempt. */
async function stranger(): Promise<{ child: ChildProcess; identity: ProcessIdentity }> {
  const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const pid = child.pid ?? 0
  return { child, identity: { pid, startTime: linuxProcesses().startTimeOf(pid) ?? '' } }
}

describe('an attempt whose supervisor was killed', () => {
  it('runs on and is adopted with its output and its exit status', async () => {
    const one = await attempt()
    const { supervisor, identity } = await supervise(one, untilGo)
    await killHard(supervisor)

    const found = await launcher().inspect(one.folder, one.marker, identity)
    expect(found).toEqual({ kind: 'alive', identity, frozen: false })
    const exit = ended(launcher(), one.folder, identity)
    await writeFile(join(one.folder, 'go'), '')
    expect(await exit).toEqual({ kind: 'exited', status: 3 })
    expect(one.output()).toBe('up\ndone\n')
  })

  it('is found by its pid file, or by its marker alone, when its identity was not recorded in time', async () => {
    const one = await attempt()
    const { supervisor, identity } = await supervise(one, untilGo)
    await killHard(supervisor)
    await numberIn(join(one.folder, 'pid'))
    expect(await launcher().inspect(one.folder, one.marker, null)).toEqual({ kind: 'alive', identity, frozen: false })
    await rm(join(one.folder, 'pid'))
    expect(await launcher().inspect(one.folder, one.marker, null)).toEqual({ kind: 'alive', identity, frozen: false })
  })

  it('is found as ended when it ended meanwhile', async () => {
    const one = await attempt()
    const { supervisor, identity } = await supervise(one, untilGo)
    await killHard(supervisor)
    await writeFile(join(one.folder, 'go'), '')
    await numberIn(join(one.folder, 'exit'))
    expect(await launcher().inspect(one.folder, one.marker, identity)).toEqual({ kind: 'exited', status: 3 })
    expect(await ended(launcher(), one.folder, identity)).toEqual({ kind: 'exited', status: 3 })
  })

  it('is stopped like one of our own', async () => {
    const one = await attempt()
    const { supervisor, identity } = await supervise(one, untilGo)
    await killHard(supervisor)
    // A signal before the command began ends the wrapper without a status.
    await one.says('up')
    const exit = ended(launcher(), one.folder, identity)
    expect(await launcher().stop(identity, one.marker, 2000)).toEqual({ survivors: [] })
    expect(await exit).toEqual({ kind: 'exited', status: 143 })
  })

  it('is found frozen when it was frozen, and goes on from there', async () => {
    const one = await attempt()
    const { supervisor, identity } = await supervise(one, untilGo)
    await killHard(supervisor)
    await launcher().freeze(identity, one.marker)
    expect(await launcher().inspect(one.folder, one.marker, identity)).toEqual({ kind: 'alive', identity, frozen: true })
    const exit = ended(launcher(), one.folder, identity)
    await writeFile(join(one.folder, 'go'), '')
    expect(await launcher().thaw(identity, one.marker)).toMatchObject({ unwilling: [] })
    expect(await exit).toEqual({ kind: 'exited', status: 3 })
  })

  it('is told as lost when something kills it', async () => {
    const one = await attempt()
    const { supervisor, identity } = await supervise(one, untilGo)
    await killHard(supervisor)
    const onExit = vi.fn()
    launcher().watch(one.folder, identity, onExit)
    process.kill(-identity.pid, 'SIGKILL')
    await eventually(() => expect(onExit).toHaveBeenCalledWith({ kind: 'lost' }))
    expect(await launcher().inspect(one.folder, one.marker, identity)).toEqual({ kind: 'gone' })
  })

  it('is watched by a timer only as long as the watch lasts', async () => {
    const one = await attempt()
    const { supervisor, identity } = await supervise(one, untilGo)
    await killHard(supervisor)
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const onExit = vi.fn()
    const stopWatching = launcher().watch(one.folder, identity, onExit)
    expect(timers()).toBeGreaterThan(before)
    stopWatching()
    stopWatching()
    expect(timers()).toBe(before)
    await writeFile(join(one.folder, 'go'), '')
    await numberIn(join(one.folder, 'exit'))
    expect(onExit).not.toHaveBeenCalled()
  })
})

describe('looking for an attempt', () => {
  it('is not misled by a zombie', async () => {
    const one = await attempt()
    const { supervisor, identity } = await supervise(one, untilGo)
    // A frozen supervisor does not wait for its children.
    supervisor.kill('SIGSTOP')
    await writeFile(join(one.folder, 'go'), '')
    await numberIn(join(one.folder, 'exit'))
    await eventually(() => expect(isLive(identity.pid)).toBe(false))
    await rm(join(one.folder, 'exit'))
    expect(linuxProcesses().startTimeOf(identity.pid)).toBe(identity.startTime)

    expect(await launcher().inspect(one.folder, one.marker, identity)).toEqual({ kind: 'gone' })
    expect(await ended(launcher(), one.folder, identity)).toEqual({ kind: 'lost' })
    expect(await launcher().stop(identity, one.marker, 1000)).toEqual({ survivors: [] })
  })

  it('takes a reused pid for what it is, also with the start time of the stranger', async () => {
    const one = await attempt()
    const { identity } = await stranger()
    await writeFile(join(one.folder, 'pid'), `${identity.pid}\n`)
    expect(await launcher().inspect(one.folder, one.marker, { ...identity, startTime: 'earlier' })).toEqual({ kind: 'gone' })
    expect(await launcher().inspect(one.folder, one.marker, identity)).toEqual({ kind: 'gone' })
    expect(await ended(launcher(), one.folder, { ...identity, startTime: 'earlier' })).toEqual({ kind: 'lost' })
  })

  it('does not take a marked descendant for the attempt', async () => {
    const one = await attempt()
    const identity = await one.launch(['setsid', '-w', 'sh', '-c', 'echo up; sleep 300'])
    await one.says('up')
    process.kill(-identity.pid, 'SIGKILL')
    await eventually(() => expect(isLive(identity.pid)).toBe(false))
    expect(await launcher().inspect(one.folder, one.marker, identity)).toEqual({ kind: 'gone' })
  })

  it('ignores an exit file that is not complete', async () => {
    const one = await attempt()
    await writeFile(join(one.folder, 'exit'), '1')
    expect(await launcher().inspect(one.folder, one.marker, null)).toEqual({ kind: 'gone' })
  })
})
