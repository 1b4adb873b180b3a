import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { npmCommand, npmComplaint, npmSettings } from './npm-command.mjs'
import { run, tail } from './run.mjs'
import { SetupError } from './say.mjs'
import { inTemporaryFolder } from './temporary.mjs'

/**
 * Fetches a pinned npm package (`{ name, version, integrity }`), without installing it, and gives its
 * unpacked folder to `use`, for as long as that runs. The user's npm does the fetching, so that their
 * registry, proxy and cache are used; the digest is checked here.
 * @throws {SetupError} when it cannot be had or is not what was pinned
 */
export function fetchPackage({ name, version, integrity }, use) {
  return inTemporaryFolder(async (folder) => {
    const npm = npmCommand()
    const packed = run(npm.command, [...npm.args, 'pack', `${name}@${version}`, '--ignore-scripts'], {
      cwd: folder,
      shell: npm.shell,
      env: npmSettings,
    })
    const file = readdirSync(folder).find((entry) => entry.endsWith('.tgz'))
    if (!packed.ok || !file) {
      throw new SetupError(
        `${name}@${version} could not be fetched:\n${npmComplaint(packed)}`,
        `check the network and npm's settings with: npm view ${name}@${version}`,
      )
    }
    const digest = createHash('sha512')
      .update(readFileSync(join(folder, file)))
      .digest('base64')
    if (`sha512-${digest}` !== integrity) {
      throw new SetupError(
        `${name}@${version} is not what was pinned: sha512-${digest} instead of ${integrity}`,
        'do not use it; find out what the registry in your npm settings serves',
      )
    }
    // A bare file name: Windows' and GNU's tar disagree on what the colon in `C:\…` means.
    const unpacked = run('tar', ['-xzf', file, '--no-same-owner'], { cwd: folder })
    const content = readdirSync(folder, { withFileTypes: true }).find((entry) => entry.isDirectory())
    if (!unpacked.ok || !content) {
      throw new SetupError(`${name}@${version} could not be unpacked: ${tail(unpacked.stderr)}`)
    }
    return await use(join(folder, content.name))
  })
}

/** Puts a finished folder or file in its place in one step; if another set-up was faster, theirs stays. */
export function moveIntoPlace(from, to) {
  mkdirSync(dirname(to), { recursive: true })
  try {
    renameSync(from, to)
  } catch (error) {
    if (!existsSync(to)) throw error
  }
}
