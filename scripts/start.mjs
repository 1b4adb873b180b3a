// npm start: sets up what is missing, builds what changed, and runs Fermata in a window or in the terminal.
import { withRecentNode } from './setup/node.mjs'
import { inRoot, root } from './setup/paths.mjs'
import { prepare } from './setup/prepare.mjs'
import { become } from './setup/run.mjs'
import { main } from './setup/say.mjs'
import { planStart, usage } from './setup/start-plan.mjs'
import { userEnvironment, userFolder } from './setup/user.mjs'

await main(async () => {
  const args = process.argv.slice(2)
  const plan = planStart(args, process.env, process.platform)
  if (plan === 'usage') {
    process.stderr.write(`${usage}\n`)
    process.exit(2)
  }
  await withRecentNode()
  const electron = await prepare({ electron: plan === 'window', build: true })
  const [command, ...first] = electron
    ? [electron.binary, root, ...sandboxSwitch()]
    : [process.execPath, inRoot('out', 'main', 'cli.js')]
  process.exit(await become(command, [...first, ...args], { cwd: userFolder(), env: userEnvironment() }))
})

/** Chromium refuses to sandbox what root runs. */
function sandboxSwitch() {
  return process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : []
}
