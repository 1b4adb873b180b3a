// npm run bench: the measurements of test/bench.
import { withRecentNode } from './setup/node.mjs'
import { inRoot, root } from './setup/paths.mjs'
import { prepare } from './setup/prepare.mjs'
import { become } from './setup/run.mjs'
import { main } from './setup/say.mjs'

await main(async () => {
  await withRecentNode()
  await prepare({ build: true })
  process.exit(await become(process.execPath, [inRoot('test', 'bench', 'run.ts'), ...process.argv.slice(2)], { cwd: root }))
})
