import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fetchPackage, moveIntoPlace } from './fetch-package.mjs'
import { inTools } from './paths.mjs'
import { nodePackages } from './pins.mjs'
import { become } from './run.mjs'
import { SetupError, say } from './say.mjs'

/** What the pickiest of our tools accepts (jsdom): the lowest minor of each Node line, all from 26 on. */
const oldestMinor = { 22: 23, 24: 15 }

/** Whether a Node version (`v24.1.0`) can run all of our tools. */
export function isRecentEnough(version) {
  const [major, minor] = version.replace('v', '').split('.').map(Number)
  return major >= 26 || minor >= oldestMinor[major]
}

/**
 * Returns if the Node we run in is recent enough. If not, runs this same script again with the pinned
 * one, which is fetched first if need be, and ends with its exit status.
 * @throws {SetupError} when there is none for this computer or it cannot be had
 */
export async function withRecentNode() {
  if (isRecentEnough(process.version)) return
  const node = await provideNode()
  process.exit(await become(node, process.argv.slice(1)))
}

async function provideNode() {
  const computer = `${process.platform}-${process.arch}`
  const pin = nodePackages[computer]
  if (!pin) {
    throw new SetupError(
      `Node ${process.version} is too old, and no newer one is pinned for ${computer}`,
      'install Node 24 from https://nodejs.org',
    )
  }
  const place = inTools(`node-${pin.version}`)
  const binary = join(place, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(binary)) return binary
  say(`fetching Node ${pin.version} for the tools (this is ${process.version})`)
  await fetchPackage(pin, (folder) => moveIntoPlace(folder, place))
  return binary
}
