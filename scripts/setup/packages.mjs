import { readFileSync } from 'node:fs'
import { hashOf } from './hash.mjs'
import { recentNpm } from './npm.mjs'
import { npmComplaint, npmSettings } from './npm-command.mjs'
import { inRoot, root } from './paths.mjs'
import { run, toolPath } from './run.mjs'
import { SetupError, say } from './say.mjs'
import { unlessStamped } from './stamp.mjs'

/** Installs the packages of the lockfile, unless `node_modules` holds them already. */
export function ensurePackages() {
  return unlessStamped(inRoot('node_modules', '.fermata-lock'), hashOf(['package-lock.json']), async () => {
    const npm = await recentNpm()
    const install = (...args) =>
      // None of our packages needs its install script: what is native comes as a binary.
      run(npm.command, [...npm.args, ...args, '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {
        cwd: root,
        env: { ...npmSettings, PATH: toolPath() },
        shell: npm.shell,
      })
    say('installing the npm packages')
    const clean = install('ci')
    if (clean.ok) return
    const result = lacksOnlyOptional(clean.stderr, optionalPackages()) ? install('install', '--no-save') : clean
    if (result.ok) return
    throw new SetupError(
      `the npm packages could not be installed:\n${npmComplaint(result)}`,
      'check the network and the registry in your npm settings, then start again',
    )
  })
}

/**
 * Whether `npm ci` refused only because the lockfile lacks optional packages: npm writes down the binaries
 * for other platforms only if the registry had them that day. `npm install` copes; all else stays locked.
 */
export function lacksOnlyOptional(complaint, optional) {
  const faults = complaint.match(/^npm error (Missing|Invalid): .*$/gm) ?? []
  const names = faults.map((line) => /Missing: (@?[^@]+)@\S* from lock file$/.exec(line)?.[1])
  return names.length > 0 && names.every((name) => optional.has(name))
}

function optionalPackages() {
  const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'))
  return new Set(Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {})))
}
