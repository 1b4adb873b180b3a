import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { lastOutputAt } from '../../../main/engine/processes/last-output.ts'
import { createLauncher } from '../../../main/engine/processes/launcher.ts'
import { ended, eventually, manageAttempts, numberIn } from './attempts.ts'

const { launcher, attempt } = manageAttempts()

describe('a launched attempt', () => {
  it('leaves its output, its pid and its exit status in its folder', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'echo out; echo err >&2; exit 7'])
    expect(await ended(launcher(), one.folder, identity)).toEqual({ kind: 'exited', status: 7 })
    expect(one.output('stdout')).toBe('out\n')
    expect(one.output('stderr')).toBe('err\n')
    expect(await numberIn(join(one.folder, 'pid'))).toBe(identity.pid)
    expect(await numberIn(join(one.folder, 'exit'))).toBe(7)
    expect((await readdir(one.folder)).sort()).toEqual(['exit', 'pid', 'stderr', 'stdout'])
  })

  it('tells a signal as 128 + n and adds nothing to the output', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'kill -KILL $$'])
    expect(await ended(launcher(), one.folder, identity)).toEqual({ kind: 'exited', status: 137 })
    expect(one.output('stderr')).toBe('')
  })

  it('leads a group and a session of its own, and its command is not the leader', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'cut -d" " -f5,6 /proc/self/stat; sleep 60'])
    await one.says('\n')
    expect(one.output()).toBe(`${identity.pid} ${identity.pid}\n`)
  })

  it('gets its arguments and environment unchanged, and signals at their defaults', async () => {
    const one = await attempt()
    const nasty = ['two words', '', '$HOME `x` "q" \'s\'', '*', '-n', 'new\nline']
    const script = 'console.log(JSON.stringify([process.argv.slice(1), process.env.FERMATA_ATTEMPT, process.cwd()]))'
    const ignored = 'console.log(/SigIgn:\\s+(\\w+)/.exec(require("fs").readFileSync("/proc/self/status", "utf8"))[1])'
    const identity = await one.launch([process.execPath, '-e', `${script}; ${ignored}`, '--', ...nasty])
    await ended(launcher(), one.folder, identity)
    const [told = '', mask = ''] = one.output().split('\n')
    expect(JSON.parse(told)).toEqual([nasty, one.marker, one.folder])
    // HUP, INT, QUIT, USR1, USR2, ALRM, TERM; node itself ignores PIPE.
    const watched = [1, 2, 3, 10, 12, 14, 15].reduce((bits, signal) => bits | (1n << BigInt(signal - 1)), 0n)
    expect(BigInt(`0x${mask}`) & watched).toBe(0n)
  })

  it('reads its prompt from a file and writes 20 MB byte for byte', async () => {
    const one = await attempt()
    const prompt = randomBytes(20 * 1024 * 1024)
    await writeFile(join(one.folder, 'prompt'), prompt)
    const identity = await one.launch(['cat'], { promptOnStdin: true })
    expect(await ended(launcher(), one.folder, identity)).toEqual({ kind: 'exited', status: 0 })
    const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
    expect(hash(await readFile(join(one.folder, 'stdout')))).toBe(hash(prompt))
  })

  it('finds standard input empty when the prompt goes another way', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'cat; echo end'])
    await ended(launcher(), one.folder, identity)
    expect(one.output()).toBe('end\n')
  })

  it('ends properly when the command closes its standard streams', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'exec <&- >&- 2>&-; exit 5'])
    expect(await ended(launcher(), one.folder, identity)).toEqual({ kind: 'exited', status: 5 })
  })

  it('records how the command took a signal to the whole group', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'trap "echo bye; exit 42" TERM; echo up; while :; do sleep 0.02; done'])
    await one.says('up')
    process.kill(-identity.pid, 'SIGTERM')
    expect(await ended(launcher(), one.folder, identity)).toEqual({ kind: 'exited', status: 42 })
    expect(one.output()).toBe('up\nbye\n')
  })

  it.each([
    ['SIGHUP', 1],
    ['SIGINT', 2],
    ['SIGQUIT', 3],
    ['SIGUSR1', 10],
    ['SIGALRM', 14],
    ['SIGTERM', 15],
  ] as const)('records a command that %s ends', async (signal, number) => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'ulimit -c 0; echo up; exec sleep 60'])
    await one.says('up')
    process.kill(-identity.pid, signal)
    expect(await ended(launcher(), one.folder, identity)).toEqual({ kind: 'exited', status: 128 + number })
  })

  it('is lost when the whole group is killed', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'echo up; sleep 60'])
    await one.says('up')
    process.kill(-identity.pid, 'SIGKILL')
    expect(await ended(launcher(), one.folder, identity)).toEqual({ kind: 'lost' })
  })

  it('tells of its end once, and not at all after the watch is disposed', async () => {
    const one = await attempt()
    const identity = await one.launch(['sh', '-c', 'echo up; while [ ! -e go ]; do sleep 0.02; done'])
    await one.says('up')
    const disposed = vi.fn()
    const kept = vi.fn()
    const stopWatching = launcher().watch(one.folder, identity, disposed)
    launcher().watch(one.folder, identity, kept)
    stopWatching()
    stopWatching()
    await writeFile(join(one.folder, 'go'), '')
    await eventually(() => expect(kept).toHaveBeenCalledWith({ kind: 'exited', status: 0 }))
    expect(disposed).not.toHaveBeenCalled()
    expect(kept).toHaveBeenCalledTimes(1)
  })

  it('is told as ended by a watch that begins after its end', async () => {
    const one = await attempt()
    const identity = await one.launch(['true'])
    await numberIn(join(one.folder, 'exit'))
    expect(await ended(launcher(), one.folder, identity)).toEqual({ kind: 'exited', status: 0 })
  })

  it('can be many at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => attempt()))
    const exits = await Promise.all(
      all.map(async (one, index) => ended(launcher(), one.folder, await one.launch(['sh', '-c', `exit ${index}`]))),
    )
    expect(exits).toEqual(all.map((_, index) => ({ kind: 'exited', status: index })))
  })

  it('tells when it last wrote something', async () => {
    const one = await attempt()
    const before = Date.now()
    const identity = await one.launch(['sh', '-c', 'while [ ! -e go ]; do sleep 0.02; done; echo x >&2'])
    expect(await lastOutputAt(one.folder)).toBeNull()
    await writeFile(join(one.folder, 'go'), '')
    await ended(launcher(), one.folder, identity)
    const at = (await lastOutputAt(one.folder)) ?? 0
    // The kernel stamps files with a clock that may lag by one tick.
    expect(at).toBeGreaterThan(before - 20)
    expect(at).toBeLessThanOrEqual(Date.now())
  })
})

describe('a launch that cannot be', () => {
  it('names a program that is missing, before anything is started or written', async () => {
    const one = await attempt()
    await expect(one.launch(['no-such-agent'])).rejects.toMatchObject({ name: 'LaunchError', code: 'INSTRUMENT_NOT_FOUND' })
    expect(await readdir(one.folder)).toEqual([])
  })

  it('names a program that may not be executed', async () => {
    const one = await attempt()
    await writeFile(join(one.folder, 'agent'), '#!/bin/sh\n')
    await expect(one.launch(['./agent'])).rejects.toMatchObject({ code: 'INSTRUMENT_NOT_EXECUTABLE' })
    await chmod(join(one.folder, 'agent'), 0o755)
    expect(await ended(launcher(), one.folder, await one.launch(['./agent']))).toEqual({ kind: 'exited', status: 0 })
  })

  it('names a working folder that is missing or is none', async () => {
    const one = await attempt()
    await writeFile(join(one.folder, 'file'), '')
    for (const name of ['nowhere', 'file']) {
      await expect(one.launch(['true'], { cwd: join(one.folder, name) })).rejects.toMatchObject({
        code: 'WORKING_FOLDER_MISSING',
      })
    }
  })

  it('names an attempt folder that cannot be written', async () => {
    const one = await attempt()
    const request = { argv: ['true'], cwd: one.folder, env: one.env, promptOnStdin: false } as const
    await writeFile(join(one.folder, 'file'), '')
    await mkdir(join(one.folder, 'loop'))
    await symlink('stdout', join(one.folder, 'loop', 'stdout'))
    for (const name of ['nowhere', 'file', 'loop']) {
      const folder = join(one.folder, name)
      await expect(launcher().launch({ ...request, folder })).rejects.toMatchObject({ code: 'ATTEMPT_FOLDER_UNWRITABLE' })
    }
  })

  it('names a prompt that cannot be read', async () => {
    const one = await attempt()
    await expect(one.launch(['cat'], { promptOnStdin: true })).rejects.toMatchObject({ code: 'PROMPT_UNREADABLE' })
  })

  it('names a command line that is too long', async () => {
    const one = await attempt()
    await expect(one.launch(['echo', 'x'.repeat(200_000)])).rejects.toMatchObject({ code: 'ARGUMENTS_TOO_LONG' })
  })

  it('refuses an attempt without a usable marker', async () => {
    const one = await attempt()
    const request = { folder: one.folder, argv: ['true'], cwd: one.folder, promptOnStdin: false } as const
    for (const env of [{}, { FERMATA_ATTEMPT: '' }, { FERMATA_ATTEMPT: 'a\nrm -rf x' }]) {
      await expect(launcher().launch({ ...request, env })).rejects.toMatchObject({ code: 'ATTEMPT_UNMARKED' })
    }
  })

  it('says on Windows that it is not there yet', async () => {
    const one = await attempt()
    const windows = createLauncher('win32')
    const request = { folder: one.folder, argv: ['true'], cwd: one.folder, env: one.env, promptOnStdin: false } as const
    await expect(windows.launch(request)).rejects.toMatchObject({ code: 'LAUNCHER_UNSUPPORTED' })
    expect(windows.canFreeze).toBe(false)
    await expect(windows.freeze({ pid: 4711, startTime: '' }, one.marker)).rejects.toMatchObject({ code: 'FREEZE_UNSUPPORTED' })
  })
})

describe('the event loop', () => {
  it('is kept alive by a watched attempt and not by an unwatched one', async () => {
    const one = await attempt()
    const code = `
      import { createLauncher } from '${join(import.meta.dirname, '../../../main/engine/processes/launcher.ts')}'
      const launcher = createLauncher()
      const [folder, marker, watch] = process.argv.slice(1)
      const env = { PATH: process.env.PATH, FERMATA_ATTEMPT: marker }
      const argv = ['sh', '-c', 'while [ ! -e go ]; do sleep 0.02; done']
      const identity = await launcher.launch({ folder, argv, cwd: folder, env, promptOnStdin: false })
      if (watch) launcher.watch(folder, identity, (exit) => console.log(exit.kind))
      console.log('launched')`
    const run = (watch: string) =>
      spawn(process.execPath, ['--input-type=module', '-e', code, one.folder, one.marker, watch], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })

    const [status] = await once(run(''), 'exit')
    expect(status).toBe(0)
    expect(await launcher().inspect(one.folder, one.marker, null)).toMatchObject({ kind: 'alive' })
    await writeFile(join(one.folder, 'go'), '')
    await numberIn(join(one.folder, 'exit'))

    await rm(join(one.folder, 'go'))
    const watching = run('watch')
    let said = ''
    watching.stdout.on('data', (text) => {
      said += text
    })
    await eventually(() => expect(said).toBe('launched\n'))
    await writeFile(join(one.folder, 'go'), '')
    await once(watching, 'exit')
    expect(said).toBe('launched\nexited\n')
  })
})
