import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { safeKillGroup } from '../../processes/kill.ts'
import { usersEnvironment } from '../environment.ts'

/** Kept of what it prints as errors, in characters. */
const KEPT = 8 * 1024

export interface Command {
  /** Never a shell line. */
  readonly argv: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly env: Readonly<Record<string, string>>
  /** For its standard input. */
  readonly input: string
  readonly timeoutMs: number
}

/** Runs a program to its end. Null when it ended with status 0, else why not, and what it started is ended too. */
export function runCommand({ argv, environment, env, input, timeoutMs }: Command): Promise<string | null> {
  const [program = '', ...rest] = argv
  return new Promise((resolve) => {
    // A group of its own, so that whatever it starts ends with it.
    const child = spawn(program, rest, {
      cwd: tmpdir(),
      env: { ...usersEnvironment(environment), ...env },
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    let printed = ''
    let ended: string | null = null
    const settle = (why: string | null) => {
      clearTimeout(timer)
      if (why !== null) endGroup()
      child.stderr.destroy()
      resolve(why)
    }
    const endGroup = () => child.pid !== undefined && safeKillGroup(child.pid, 'SIGKILL', process.pid)
    const timer = setTimeout(() => settle(ended ?? `it did not end within ${timeoutMs / 1000} s`), timeoutMs)
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      printed = (printed + piece).slice(-KEPT)
    })
    // It need not read what happened.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.on('error', (error) => settle(isMissing(error) ? `the program "${program}" is not there` : error.message))
    child.on('exit', (status, signal) => {
      // What plays a sound may play on.
      if (status === 0) return settle(null)
      ended = `it ended with ${status === null ? `signal ${signal}` : `status ${status}`}`
      endGroup()
    })
    child.on('close', () => {
      const line =
        printed
          .trim()
          .split(/[\r\n]+/)
          .at(-1) ?? ''
      if (ended !== null) settle(line === '' ? ended : `${ended}: ${line}`)
    })
  })
}

const isMissing = (error: Error): boolean => 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES')
