import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ProcessIdentity } from '../../../main/engine/ports.ts'
import { createLauncher } from '../../../main/engine/processes/launcher.ts'
import { linuxProcesses } from '../../../main/engine/processes/linux-processes.ts'
import { ended, eventually, isLive, manageAttempts, markedProcesses, numberIn } from './attempts.ts'

const { launcher, attempt } = manageAttempts()

/** JavaScript that starts a process in a session of its own, out of its group's reach. */
const runOutside = (script: string) =>
  `require('child_process').spawn('sh', ['-c', ${JSON.stringify(script)}], { detached: true, stdio: 'inherit' }).unref()`

function startTimeOf(pid: number): string {
  return linuxProcesses().startTimeOf(pid) ?? ''
}

describe('stopping an attempt', () => {
  it('lets a command that obeys finish in its own way, without waiting out the grace', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'trap "echo bye; exit 42" TERM; echo up; while :; do sleep 0.02; done'])
    await one.says('up')
    const exit = ended(launcher(), one.folder, identity)
    const begun = performance.now()
    expect(await launcher().stop(identity, one.marker, 20_000)).toEqual({ survivors: [] })
    expect(performance.now() - begun).toBeLessThan(10_000)
    expect(await exit).toEqual({ kind: 'exited', status: 42 })
  })

  it('kills what ignores SIGTERM, grandchildren included, within the grace and a second', async () => {
    const one = await attempt()
    const stubborn = 'trap "" TERM; echo grandchild; while :; do sleep 0.05; done'
    const identity = await one.launch(['sh', '-c', `trap "" TERM; sh -c '${stubborn}' & sh -c '${stubborn}' & sleep 300; wait`])
    await eventually(() => expect(one.output()).toBe('grandchild\ngrandchild\n'))
    const begun = performance.now()
    expect(await launcher().stop(identity, one.marker, 400)).toEqual({ survivors: [] })
    const took = performance.now() - begun
    expect(await markedProcesses(one.marker)).toEqual([])
    expect(took).toBeGreaterThan(390)
    expect(took).toBeLessThan(1400)
  })

  it('ends marked processes that made a session of their own, obedient or not', async () => {
    const one = await attempt()
    const code = `${runOutside('echo obedient; exec sleep 300')}; ${runOutside('trap "" TERM; echo stubborn; while :; do sleep 0.05; done')}; setInterval(() => {}, 1000)`
    const identity = await one.launch([process.execPath, '-e', code])
    await one.says('obedient')
    await one.says('stubborn')
    expect(await launcher().stop(identity, one.marker, 300)).toEqual({ survivors: [] })
    expect(await markedProcesses(one.marker)).toEqual([])
  })

  it('ends what a command left behind in its group after it ended', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', '(sh -c "echo up; exec sleep 300" &); exit 0'])
    await one.says('up')
    await ended(launcher(), one.folder, identity)
    expect(await markedProcesses(one.marker)).toHaveLength(1)
    expect(await launcher().stop(identity, one.marker, 1000)).toEqual({ survivors: [] })
    expect(await markedProcesses(one.marker)).toEqual([])
  })

  it('ends members of the group that shed the marker, also after the wrapper is gone', async () => {
    const one = await attempt()
    const bare = `trap "" TERM; echo $$ > bare; while :; do /bin/sleep 0.05; done`
    const identity = await one.launch(['sh', '-c', `env -i /bin/sh -c '${bare}' & sleep 300`])
    const pid = await numberIn(join(one.folder, 'bare'))
    // Without the marker nothing else would find it if this test failed.
    onTestFinished(() => void (isLive(pid) && process.kill(pid, 'SIGKILL')))
    expect(await markedProcesses(one.marker)).not.toContain(pid)
    expect(await launcher().stop(identity, one.marker, 300)).toEqual({ survivors: [] })
    expect(isLive(pid)).toBe(false)
  })

  it('ends an attempt that starts new processes all the time', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'trap "" TERM; echo up; while :; do sleep 1 & sleep 0.01; done'])
    await one.says('up')
    expect(await launcher().stop(identity, one.marker, 300)).toEqual({ survivors: [] })
    expect(await markedProcesses(one.marker)).toEqual([])
  })

  it('thaws a frozen attempt only after the signal, so that it does no more work', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'trap "echo bye; exit 42" TERM; while :; do echo tick; sleep 0.01; done'])
    await one.says('tick')
    process.kill(-identity.pid, 'SIGSTOP')
    await eventually(() => expect(readFileSync(`/proc/${identity.pid}/status`, 'utf8')).toMatch(/^State:\s+T/m))
    const before = one.output()
    const exit = ended(launcher(), one.folder, identity)
    expect(await launcher().stop(identity, one.marker, 5000)).toEqual({ survivors: [] })
    expect(await exit).toEqual({ kind: 'exited', status: 42 })
    expect(one.output()).toBe(`${before}bye\n`)
  })

  it('is one piece of work however often it is asked for, and nothing once all is ended', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'trap "" TERM; echo up; sleep 300; sleep 300'])
    await one.says('up')
    const first = launcher().stop(identity, one.marker, 200)
    expect(launcher().stop({ ...identity }, one.marker, 200)).toBe(first)
    expect(await first).toEqual({ survivors: [] })
    expect(await launcher().stop(identity, one.marker, 60_000)).toEqual({ survivors: [] })
  })

  it('goes by the marker alone when the identity was never recorded', async () => {
    const one = await attempt()
    await one.launch(['sh', '-c', 'echo up; sleep 300'])
    await one.says('up')
    expect(await launcher().stop({ pid: 0, startTime: '' }, one.marker, 1000)).toEqual({ survivors: [] })
    expect(await markedProcesses(one.marker)).toEqual([])
  })

  it('finds survivors again, as another Fermata too, and ends them once that is possible', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'setsid sh -c "echo outside; sleep 300" & echo inside; sleep 300'])
    await one.says('outside')
    await one.says('inside')
    // Nothing can be made unkillable here. That no signal arrives looks the same.
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
    const { survivors } = await launcher().stop(identity, one.marker, 50)
    const again = await createLauncher().stop(identity, one.marker, 50)
    kill.mockRestore()
    const marked = await markedProcesses(one.marker)
    expect(survivors.map(({ pid }) => pid).sort()).toEqual([...marked].sort())
    expect(again.survivors.map(({ pid }) => pid).sort()).toEqual([...marked].sort())

    const reused = { pid: identity.pid, startTime: 'another boot:1' }
    expect(await launcher().living([reused, ...survivors, { pid: 0, startTime: '' }])).toEqual(survivors)

    // The wrapper's death leaves the group without its leader.
    process.kill(identity.pid, 'SIGKILL')
    const stop = `import { createLauncher } from '${join(import.meta.dirname, '../../../main/engine/processes/launcher.ts')}'
      console.log(JSON.stringify(await createLauncher().stop(${JSON.stringify(identity)}, '${one.marker}', 2000)))`
    const report = execFileSync(process.execPath, ['--input-type=module', '-e', stop], { encoding: 'utf8' })
    expect(JSON.parse(report)).toEqual({ survivors: [] })
    expect(await launcher().living(survivors)).toEqual([])
    expect(await markedProcesses(one.marker)).toEqual([])
  })

  it('leaves the attempt next to it alone', async () => {
    const [one, other] = [await attempt(), await attempt()]
    const identity = await one.launch(['sleep', '300'])
    const neighbour = await other.launch(['sleep', '300'])
    await launcher().stop(identity, one.marker, 1000)
    const found = await launcher().inspect(other.folder, other.marker, neighbour)
    expect(found).toEqual({ kind: 'alive', identity: neighbour, frozen: false })
  })
})

describe('stopping never hits', () => {
  /** A group of two that is nobody's attempt. */
  async function strangers(): Promise<{ leader: number; member: number }> {
    const leader = spawn('sh', ['-c', 'sleep 300 & echo $!; wait'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
    onTestFinished(() => void process.kill(-(leader.pid ?? 0), 'SIGKILL'))
    const member = await new Promise<number>((resolve) => leader.stdout.once('data', (text) => resolve(Number(text))))
    return { leader: leader.pid ?? 0, member }
  }

  it('a stranger that got the recorded pid', async () => {
    const one = await attempt()
    const { leader, member } = await strangers()
    const reused: ProcessIdentity = { pid: leader, startTime: 'another boot:1' }
    expect(await launcher().stop(reused, one.marker, 100)).toEqual({ survivors: [] })
    expect([leader, member].map(isLive)).toEqual([true, true])
  })

  it('a group whose leader is gone and of which nothing proves to be ours', async () => {
    const one = await attempt()
    const { leader, member } = await strangers()
    const startTime = startTimeOf(leader)
    process.kill(leader, 'SIGKILL')
    await eventually(() => expect(isLive(leader)).toBe(false))
    await eventually(() => expect(linuxProcesses().startTimeOf(leader)).toBeNull())
    expect(await launcher().stop({ pid: leader, startTime }, one.marker, 100)).toEqual({ survivors: [] })
    expect(isLive(member)).toBe(true)
  })

  it('what only carries the marker and was not started by the attempt, as somebody’s who tries its command again', async () => {
    const one = await attempt()
    const identity = await one.launch(['sleep', '300'])
    const tried = spawn('sleep', ['300'], { env: one.env, stdio: 'ignore' })
    onTestFinished(() => void tried.kill('SIGKILL'))
    const pid = tried.pid ?? 0
    await eventually(async () => expect(await markedProcesses(one.marker)).toContain(pid))
    expect(await launcher().stop(identity, one.marker, 1000)).toEqual({ survivors: [] })
    expect(isLive(pid)).toBe(true)
  })

  it('its own group, whatever the record says', async () => {
    const one = await attempt()
    const group = Number(readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ')[2])
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
    onTestFinished(() => kill.mockRestore())
    await launcher().stop({ pid: group, startTime: startTimeOf(group) }, one.marker, 50)
    await launcher().stop({ pid: 1, startTime: startTimeOf(1) }, one.marker, 50)
    expect(kill).not.toHaveBeenCalled()
  })
})
