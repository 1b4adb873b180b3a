// npm run check: format, lint, types, borders, dead code, unit tests.
import { runGate } from './setup/gate.mjs'
import { withRecentNode } from './setup/node.mjs'
import { prepare } from './setup/prepare.mjs'
import { main } from './setup/say.mjs'
import { endWithTotal } from './setup/total.mjs'

await main(withRecentNode)
await endWithTotal(async (counts) => {
  await prepare({})
  counts.push(...(await runGate()))
})
