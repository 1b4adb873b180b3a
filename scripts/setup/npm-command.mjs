import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { run } from './run.mjs'

/**
 * How to call the npm this computer has: the one that runs us, else the one on PATH.
 * Another package manager that set `npm_execpath` is not it.
 */
export function npmCommand() {
  const cli = process.env.npm_execpath
  if (cli && basename(cli) === 'npm-cli.js') return { command: process.execPath, args: [cli], cli }
  // On Windows npm is a .cmd file, which only a shell can start.
  return { command: 'npm', args: [], shell: process.platform === 'win32' }
}

/** The major version of that npm; 0 if there is none. */
export function npmMajor({ command, args, shell, cli } = npmCommand()) {
  const version = cli
    ? JSON.parse(readFileSync(join(dirname(cli), '..', 'package.json'), 'utf8')).version
    : run(command, [...args, '--version'], { shell }).stdout
  return Number.parseInt(version, 10) || 0
}

/** What npm says is wrong; it puts the reason first and a stack behind it. */
export function npmComplaint({ stdout, stderr }) {
  const lines = (stderr || stdout).split('\n').filter((line) => line.startsWith('npm error'))
  return lines.length > 0 ? lines.slice(0, 8).join('\n') : stderr.trim()
}

/**
 * Undoes what the `npm start` we run under may have been told (`--silent`, `--json`, …): it reaches every
 * npm below as environment, and its complaints would be lost.
 */
export const npmSettings = { npm_config_loglevel: 'error', npm_config_json: '', npm_config_dry_run: '' }
