// npm test [-- --only check|engine|desktop]: everything, the real Electron included.
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { runGate } from './setup/gate.mjs'
import { withRecentNode } from './setup/node.mjs'
import { inRoot } from './setup/paths.mjs'
import { prepare } from './setup/prepare.mjs'
import { main, SetupError } from './setup/say.mjs'
import { ownDisplay, playwrightSuite, runSuite, vitestSuite } from './setup/suite.mjs'
import { endWithTotal } from './setup/total.mjs'

const parts = ['check', 'engine', 'desktop']
let wanted = parts

await main(async () => {
  const { only } = parseArgs({ options: { only: { type: 'string' } } }).values
  if (only) wanted = parts.filter((part) => part === only)
  if (wanted.length === 0) throw new SetupError(`there is no part "${only}"`, `--only ${parts.join('|')}`)
  await withRecentNode()
})

await endWithTotal(async (counts) => {
  await prepare({ build: true })
  if (wanted.includes('check')) counts.push(...(await runGate()))
  if (wanted.includes('engine')) counts.push(...(await engineTests()))
  if (wanted.includes('desktop')) counts.push(await desktopTests())
})

async function engineTests() {
  const counts = [
    await runSuite(vitestSuite('integration', ['integration'], { FUZZ_SECONDS: process.env.CI ? '60' : '5' }), { live: true }),
  ]
  if (existsSync(inRoot('test', 'faults'))) {
    counts.push(await runSuite(vitestSuite('faults', ['faults'], { FAULT_ROUNDS: '5' }), { live: true }))
  }
  return counts
}

async function desktopTests() {
  const { binary, version, origin } = await prepare({ electron: true, display: true })
  const count = await runSuite(playwrightSuite('desktop', ownDisplay(), { FERMATA_ELECTRON: binary }), { live: true })
  process.stdout.write(`Electron ${version} (${origin})\n`)
  return count
}
