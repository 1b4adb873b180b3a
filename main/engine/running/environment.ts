import type { AttemptRecord } from '../ports.ts'

/** What npm and our own launcher put into the environment is not the user's and would change how an agent's tools behave. */
const NOT_THE_USERS = /^(npm_|ELECTRON_|FERMATA_|NODE_OPTIONS$|INIT_CWD$)/

/** The user's own environment. */
export function usersEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && !NOT_THE_USERS.test(name)) environment[name] = value
  }
  return environment
}

/**
 * The environment of an attempt: the user's own, plus what the attempt is, plus unbuffered output,
 * since a file is not a terminal and Python would hold its output back.
 */
export function attemptEnvironment(own: NodeJS.ProcessEnv, attempt: AttemptRecord, workspace: string): Record<string, string> {
  return {
    ...usersEnvironment(own),
    PYTHONUNBUFFERED: '1',
    FERMATA_ATTEMPT: attempt.marker,
    FERMATA_ATTEMPT_NUMBER: String(attempt.number),
    FERMATA_JOB: attempt.jobId,
    FERMATA_SHEET: String(attempt.sheet),
    FERMATA_WORKSPACE: workspace,
  }
}
