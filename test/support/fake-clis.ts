import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildCommand } from '../../main/engine/instruments/command.ts'
import type { InstrumentConfig } from '../../main/engine/instruments/config.ts'
import { type AttemptReading, readResult } from '../../main/engine/instruments/read-result.ts'
import { bundled, endedAt } from './claude-output.ts'

/** The folder of the fake CLIs: programs named as the real ones that behave as those do (see `fake.sh` there). */
export const fakeClis = join(import.meta.dirname, 'fake-clis')

/** A PATH on which the fakes are the only agents. */
export const fakePath = `${fakeClis}:/usr/bin:/bin`

export interface FakeRun extends AttemptReading {
  readonly exitStatus: number
  /** What the CLI took for its prompt. */
  readonly prompt: string | null
  readonly args: readonly string[]
  readonly stderr: string
}

/** Runs a bundled instrument on its fake CLI as an attempt is run: by its profile, with files as standard streams. */
export async function playOnFake(
  instrument: string,
  plays: string,
  { prompt = 'Do it.', config = {} }: { readonly prompt?: string; readonly config?: InstrumentConfig } = {},
): Promise<FakeRun> {
  const profile = bundled.get(instrument)
  const folder = await mkdtemp(join(tmpdir(), 'fermata-fake-'))
  const inFolder = (name: string) => join(folder, name)
  try {
    await writeFile(inFolder('prompt'), prompt)
    await mkdir(inFolder('workspace'))
    const workingDir = inFolder('workspace')
    const context = { promptText: prompt, assetsDir: '/assets', environment: {}, config, workingDir, timeoutSeconds: 60 }
    const { argv, env, promptOnStdin } = buildCommand(profile, context)
    const [program, ...args] = argv
    const streams = [
      openSync(promptOnStdin ? inFolder('prompt') : '/dev/null', 'r'),
      openSync(inFolder('stdout'), 'w'),
      openSync(inFolder('stderr'), 'w'),
    ]
    const told = { FAKE_PLAYS: plays, FAKE_PROMPT: inFolder('taken'), FAKE_ARGUMENTS: inFolder('arguments') }
    const child = spawn(program, args, { cwd: workingDir, env: { PATH: fakePath, ...told, ...env }, stdio: streams })
    for (const stream of streams) closeSync(stream)
    const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    const exitStatus = status ?? 128 + constants.signals[signal ?? 'SIGKILL']
    const reading = await readResult(profile, { folder, exitStatus, now: endedAt, model: config.model })
    const kept = (name: string) => (existsSync(inFolder(name)) ? readFileSync(inFolder(name), 'utf8') : null)
    return {
      ...reading,
      exitStatus,
      prompt: kept('taken'),
      args: kept('arguments')?.trimEnd().split('\n') ?? [],
      stderr: kept('stderr') ?? '',
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}
