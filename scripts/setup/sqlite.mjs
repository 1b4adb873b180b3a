import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fetchPackage, moveIntoPlace } from './fetch-package.mjs'
import { bundledNodeGyp } from './npm.mjs'
import { inRoot, inTools } from './paths.mjs'
import { fallbackHeaders } from './pins.mjs'
import { run, tail } from './run.mjs'
import { SetupError, say } from './say.mjs'
import { ensureCompilers } from './system.mjs'
import { inTemporaryFolder } from './temporary.mjs'

/** better-sqlite3's own binaries need Node-API 10; on older Electrons they take the process down. */
const firstElectronWithNodeApi10 = 36
const installed = inRoot('node_modules', 'better-sqlite3')
const inUse = join(installed, 'build', 'Release', 'better_sqlite3.node')

/**
 * Makes better-sqlite3 loadable in the Electron that will run: a build with Node-API 9 for old ones
 * (it runs in the tools' Node too), the binaries of the package itself for all others.
 */
export async function fitSqliteTo(electron) {
  if (Number.parseInt(electron.version, 10) >= firstElectronWithNodeApi10) {
    rmSync(inUse, { force: true })
    return
  }
  const built = await provideBuild(electron.binary)
  if (existsSync(inUse) && readFileSync(inUse).equals(readFileSync(built))) return
  mkdirSync(join(inUse, '..'), { recursive: true })
  const beside = `${inUse}.${process.pid}`
  copyFileSync(built, beside)
  renameSync(beside, inUse)
}

async function provideBuild(electronBinary) {
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  const place = inTools(`better-sqlite3-${version}-napi9.node`)
  if (existsSync(place)) return place
  ensureCompilers()
  const nodeGyp = await bundledNodeGyp()
  say(`building better-sqlite3 ${version} for this Electron (about a minute)`)
  await fetchPackage(fallbackHeaders, (headers) =>
    inTemporaryFolder((folder) => {
      // In a copy, so that two set-ups, or one and a running app, do not meet in one folder.
      cpSync(installed, folder, {
        recursive: true,
        filter: (path) => path !== join(installed, 'build'),
      })
      const result = run(
        process.execPath,
        [nodeGyp, 'rebuild', '--release', '--force_build=1', '--jobs=max', `--nodedir=${headers}`],
        { cwd: folder, env: { CXXFLAGS: '-UNAPI_VERSION -DNAPI_EXPERIMENTAL' } },
      )
      const made = join(folder, 'build', 'Release', 'better_sqlite3.node')
      if (!result.ok || !existsSync(made)) {
        throw new SetupError(
          `better-sqlite3 could not be built:\n${tail(result.stderr, 30)}`,
          'python3, make and a C++20 compiler (g++ 10 or newer) are needed',
        )
      }
      checkItLoads(electronBinary, folder)
      moveIntoPlace(made, place)
    }),
  )
  return place
}

/** In both runtimes that will load it, each as a process of its own: a misfit crashes instead of throwing. */
function checkItLoads(electronBinary, folder) {
  const script = `new (require(${JSON.stringify(folder)}))(':memory:').prepare('select 1').get()`
  for (const binary of [electronBinary, process.execPath]) {
    const tried = run(binary, ['-e', script], { env: { ELECTRON_RUN_AS_NODE: '1' } })
    if (!tried.ok) {
      throw new SetupError(`the built better-sqlite3 does not load in ${binary}: ${tail(tried.stderr)}`)
    }
  }
}
