import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname } from 'node:path'
import { inRoot } from './paths.mjs'

/** Runs a program to its end and returns `{ ok, stdout, stderr }`; `env` is added to ours. */
export function run(command, args, { cwd, env, timeoutMs, shell = false } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    timeout: timeoutMs,
    shell,
  })
  const timedOut = result.error?.code === 'ETIMEDOUT'
  return {
    ok: result.status === 0,
    stdout: result.stdout ?? '',
    stderr: timedOut ? `no result after ${timeoutMs / 1000} s` : ((result.stderr || result.error?.message) ?? ''),
  }
}

/** PATH with the Node we run in first, for programs that start `node` themselves. */
export function toolPath() {
  return [dirname(process.execPath), process.env.PATH].join(delimiter)
}

/** The command line of a program from `node_modules`, run by the Node we run in. */
export function toolCommand(packageName, program = packageName) {
  const { bin } = JSON.parse(readFileSync(inRoot('node_modules', packageName, 'package.json'), 'utf8'))
  return [process.execPath, inRoot('node_modules', packageName, typeof bin === 'string' ? bin : bin[program])]
}

/** The last lines of a program's complaint, for an error message. */
export function tail(text, lines = 12) {
  return text.trim().split('\n').slice(-lines).join('\n')
}

/**
 * Starts a program in our place: it gets our terminal, our signals and gives us its exit status.
 * A Ctrl-C is not passed on, since the terminal already sends it to everyone in the group.
 */
export function become(command, args, { cwd, env = process.env } = {}) {
  const child = spawn(command, args, { cwd, env, stdio: 'inherit' })
  const atTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !atTerminal) child.kill(signal)
    })
  }
  if (process.env.npm_lifecycle_event) endWithParent(child)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}

/** A signal sent to npm kills the shell between npm and us, and does not reach us: that the shell is gone does. */
function endWithParent(child) {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    child.kill('SIGTERM')
  }, 1000)
  watch.unref()
}

/** Whether a process of this id lives, ours or not. */
export function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}
