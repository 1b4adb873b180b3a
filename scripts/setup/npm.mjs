import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fetchPackage, moveIntoPlace } from './fetch-package.mjs'
import { npmCommand, npmMajor } from './npm-command.mjs'
import { inTools } from './paths.mjs'
import { npmPackage } from './pins.mjs'
import { say } from './say.mjs'

/** Older npms do not install the tree of Vite 8 properly. */
const firstGoodNpm = 11

/** How to call an npm that is new enough: the computer's own, else the pinned one. */
export async function recentNpm() {
  const present = npmCommand()
  if (npmMajor(present) >= firstGoodNpm) return present
  return { command: process.execPath, args: [join(await pinnedNpm(), 'bin', 'npm-cli.js')] }
}

/** The path of the pinned npm's node-gyp. */
export async function bundledNodeGyp() {
  return join(await pinnedNpm(), 'node_modules', 'node-gyp', 'bin', 'node-gyp.js')
}

async function pinnedNpm() {
  const place = inTools(`npm-${npmPackage.version}`)
  if (existsSync(place)) return place
  say(`fetching npm ${npmPackage.version}`)
  await fetchPackage(npmPackage, (folder) => moveIntoPlace(folder, place))
  return place
}
