import { ensureBuild } from './build.mjs'
import { findElectron } from './electron.mjs'
import { alone } from './lock.mjs'
import { ensurePackages } from './packages.mjs'
import { fitSqliteTo } from './sqlite.mjs'
import { electronLibraries, ensureSystemPackages, testDisplay } from './system.mjs'
import { sweepTemporaryFolders } from './temporary.mjs'

/**
 * Brings this folder to where its programs can run: the packages always, an Electron (returned) and the
 * build as asked; `display` adds what the desktop tests need of the system. Says what it does and
 * nothing when there is nothing to do. Runs in a recent Node only.
 * @throws {SetupError}
 */
export function prepare({ electron = false, build = false, display = false }) {
  return alone(async () => {
    sweepTemporaryFolders()
    await ensurePackages()
    if (display) ensureSystemPackages([...electronLibraries, ...testDisplay], { required: true })
    else if (electron) ensureSystemPackages(electronLibraries, { required: false })
    const found = electron ? await findElectron() : undefined
    if (found) await fitSqliteTo(found)
    if (build) await ensureBuild()
    return found
  })
}
