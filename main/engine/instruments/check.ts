import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { stripVTControlCharacters } from 'node:util'
import { FermataError } from '../errors.ts'
import { findProgram } from '../processes/find-program.ts'
import { safeKillGroup } from '../processes/kill.ts'
import { visibleEnvironment } from './command.ts'
import type { InstrumentProfile } from './profile.ts'

/** Ms a program may take to answer a question about itself. */
const longestAnswerMs = 5000
/** Characters of such an answer. */
const longestAnswer = 64 * 1024

/** What is known of an instrument on this computer, without having used it. */
export type InstrumentCheck =
  | {
      readonly installed: true
      /** Absolute path of its program. */
      readonly path: string
      /** As the program prints it, in one line; null when it does not say. */
      readonly version: string | null
      /** Null where that cannot be asked without cost, or the program gave no clear answer. */
      readonly loggedIn: boolean | null
    }
  | { readonly installed: false; readonly message: string; readonly remedy: string | null }

/**
 * Looks whether an instrument is installed, in which version, and logged in (profile: `check`). Each question is given 5 s,
 * is asked without a shell, and costs nothing. Never throws.
 *
 * @param environment the one attempts get; its PATH is searched
 */
export async function checkInstrument(
  profile: InstrumentProfile,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<InstrumentCheck> {
  const { version_args, login_args, login_pattern, logout_pattern } = profile.check
  // Nobody's project: an agent that reads the folder it is started in finds nothing to read.
  const folder = tmpdir()
  let path: string
  try {
    path = await findProgram(profile.cli.command.executable, environment.PATH, folder)
  } catch (error) {
    return error instanceof FermataError
      ? { installed: false, message: error.message, remedy: error.remedy }
      : { installed: false, message: error instanceof Error ? error.message : String(error), remedy: null }
  }
  const ask = (args: readonly string[]) => answerOf(path, args, folder, visibleEnvironment(profile, environment))
  const [version, login] = await Promise.all([
    version_args.length === 0 ? null : ask(version_args),
    login_args === undefined ? null : ask(login_args),
  ])
  return {
    installed: true,
    path,
    version: version?.succeeded ? (lines(version.text).find((line) => /\d/.test(line)) ?? null) : null,
    // "Not logged in" holds "logged in".
    loggedIn: login === null ? null : logout_pattern?.test(login.text) ? false : login_pattern?.test(login.text) ? true : null,
  }
}

function lines(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(Boolean)
}

interface Answer {
  readonly succeeded: boolean
  readonly text: string
}

/** What a program prints; null when it cannot be started or does not end in time. */
function answerOf(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Answer | null> {
  return new Promise((resolve) => {
    // A group of its own, so that whatever it starts ends with it.
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    const settle = (answer: Answer | null) => {
      clearTimeout(timer)
      // It leads a group of its own, so that group cannot be ours.
      if (child.pid !== undefined) safeKillGroup(child.pid, 'SIGKILL', process.pid)
      child.stdout.destroy()
      child.stderr.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => settle(null), longestAnswerMs)
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        if (text.length < longestAnswer) text += piece
      })
    }
    child.on('error', () => settle(null))
    child.on('close', (code) => settle({ succeeded: code === 0, text: stripVTControlCharacters(text) }))
  })
}
