import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, sep } from 'node:path'
import { createRedactor, FermataError, unbreakable } from '../engine/index.ts'
import { parseArguments, USAGE } from './arguments.ts'
import { defaultDataDir } from './data-dir.ts'
import { REFUSED } from './exit-status.ts'
import { refuse, run } from './run.ts'
import { catchSignals } from './signals.ts'
import { withoutSecrets } from './without-secrets.ts'

/** The `fermata` command: composes and starts, nothing else. Built to `out/main/cli.js`. */

/** Folder of package.json. */
const root = join(import.meta.dirname, '..', '..')
/** Agents are started from `assets`: in a packaged app it stands beside the archive, not in it. */
const assetsDir = join(root.endsWith(`${sep}app.asar`) ? join(root, '..') : root, 'assets')

const command = parseArguments(process.argv.slice(2))
const { redact } = createRedactor(process.env)
const stdout = withoutSecrets(unbreakable(process.stdout), redact, 'json' in command && command.json)
const stderr = withoutSecrets(unbreakable(process.stderr), redact, false)

switch (command.kind) {
  case 'help':
    stdout.write(USAGE)
    break
  case 'version':
    stdout.write(`${String(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version)}\n`)
    break
  case 'refused': {
    const { message, remedy, json } = command
    refuse(new FermataError('ARGUMENTS_REFUSED', message, { remedy }), REFUSED, json, { stdout, stderr })
    process.exitCode = REFUSED
    break
  }
  case 'run': {
    const signals = catchSignals()
    process.exitCode = await run(command, {
      stdout,
      stderr,
      signals,
      environment: process.env,
      assetsDir,
      defaultDataDir: defaultDataDir(process.platform, process.env, homedir()),
    })
    signals.stop()
  }
}
