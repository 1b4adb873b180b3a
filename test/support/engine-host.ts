// An engine in a process of its own, for tests that kill it: node engine-host.ts DATA_DIR [SCORE…]. Prints each job's id, then
// `ready`, then takes orders on standard input and prints the answers, each as a line of JSON (orders.ts).
import { createInterface } from 'node:readline'
import { createEngine } from '../../main/engine/index.ts'
import { assetsDir } from './engine.ts'
import { type Order, obey } from './orders.ts'

const [dataDir, ...scorePaths] = process.argv.slice(2)
if (!dataDir) throw new Error('usage: engine-host DATA_DIR [SCORE…]')
const { jobs } = await createEngine({ dataDir, assetsDir })
for (const scorePath of scorePaths) console.log((await jobs.submit(scorePath)).id)
console.log('ready')

for await (const line of createInterface(process.stdin)) console.log(JSON.stringify(await obey(jobs, JSON.parse(line) as Order)))
setInterval(() => {}, 60_000)
