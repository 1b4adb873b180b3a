// An engine in a process of its own, for tests that kill it: node engine-host.ts DATA_DIR [SCORE]. Prints the job's id.
import { createEngine } from '../../main/engine/index.ts'
import { assetsDir } from './engine.ts'

const [dataDir, scorePath] = process.argv.slice(2)
if (!dataDir) throw new Error('usage: engine-host DATA_DIR [SCORE]')
const engine = await createEngine({ dataDir, assetsDir })
if (scorePath) console.log((await engine.jobs.submit(scorePath)).id)
setInterval(() => {}, 60_000)
