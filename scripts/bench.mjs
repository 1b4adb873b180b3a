// npm run bench: the measurements of test/bench, the window's in the real Electron.
import { withRecentNode } from './setup/node.mjs'
import { inRoot, root } from './setup/paths.mjs'
import { prepare } from './setup/prepare.mjs'
import { become } from './setup/run.mjs'
import { main } from './setup/say.mjs'
import { ownDisplay } from './setup/suite.mjs'

await main(async () => {
  await withRecentNode()
  const { binary } = await prepare({ build: true, electron: true, display: true })
  const [command, ...args] = [...ownDisplay(), process.execPath, inRoot('test', 'bench', 'run.ts')]
  process.exit(await become(command, args, { cwd: root, env: { ...process.env, FERMATA_ELECTRON: binary } }))
})
