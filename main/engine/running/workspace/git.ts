import { execFile } from 'node:child_process'
import { FermataError } from '../../errors.ts'
import { usersEnvironment } from '../environment.ts'

/** A large repository takes its time to be checked out. */
const LONGEST_MS = 5 * 60_000
/** `git worktree remove` came with 2.17. */
const OLDEST = [2, 17] as const

export type Git = (folder: string, ...args: readonly string[]) => Promise<string>

/**
 * git as the user has it, without questions. Answers with what it printed, trimmed.
 *
 * @param environment the user's; what would point git to another repository is left out
 */
export function createGit(environment: NodeJS.ProcessEnv): Git {
  const own = Object.entries(usersEnvironment(environment)).filter(([name]) => !/^GIT_(?!SSH|CONFIG|AUTHOR|COMMITTER)/.test(name))
  const env = { ...Object.fromEntries(own), GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' }
  return (folder, ...args) =>
    new Promise((resolve, reject) => {
      execFile(
        'git',
        ['-C', folder, ...args],
        { env, timeout: LONGEST_MS, maxBuffer: 64 * 1024 ** 2 },
        (error, stdout, stderr) => {
          if (!error) resolve(stdout.trim())
          else reject(problemOf(error, stderr, args))
        },
      )
    })
}

function problemOf(error: Error & { code?: unknown }, stderr: string, args: readonly string[]): FermataError {
  if (error.code === 'ENOENT') {
    return new FermataError('GIT_MISSING', 'git is not installed, or not on the PATH.', { remedy: 'Install git 2.17 or newer.' })
  }
  const said =
    stderr
      .trim()
      .split('\n')
      .findLast((line) => line !== '') ?? error.message
  return new FermataError('GIT_FAILED', `\`git ${args.slice(0, 2).join(' ')}\` failed: ${said.replace(/^fatal: /, '')}`, {
    cause: error,
  })
}

/** @throws FermataError GIT_TOO_OLD or GIT_MISSING */
export async function assertGit(git: Git): Promise<void> {
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(await git('/', '--version')) ?? []).map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return
  throw new FermataError('GIT_TOO_OLD', `git ${major}.${minor} is too old for worktrees.`, {
    remedy: `Install git ${OLDEST.join('.')} or newer.`,
  })
}
