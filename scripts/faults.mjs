// npm run faults [-- --rounds N --seed S]: kills and breaks things at random, N times.
import { parseArgs } from 'node:util'
import { withRecentNode } from './setup/node.mjs'
import { root } from './setup/paths.mjs'
import { prepare } from './setup/prepare.mjs'
import { become, toolCommand } from './setup/run.mjs'
import { main, say } from './setup/say.mjs'

await main(async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '25' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  })
  await withRecentNode()
  await prepare({ build: true })
  say(`${values.rounds} rounds; the same again: npm run faults -- --rounds ${values.rounds} --seed ${values.seed}`)
  const [command, ...args] = toolCommand('vitest')
  process.exit(
    await become(command, [...args, 'run', '--project', 'faults'], {
      cwd: root,
      env: { ...process.env, FAULT_ROUNDS: values.rounds, FAULT_SEED: values.seed },
    }),
  )
})
