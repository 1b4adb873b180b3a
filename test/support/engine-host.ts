// An engine in a process of its own, for tests that kill it: node engine-host.ts DATA_DIR [SCORE…]. Prints each job's id, then
// takes commands on standard input, one a line (`pause JOB`, `freeze JOB`, `thaw JOB`, `resume JOB`), and answers `ok` or `no`.
import { createInterface } from 'node:readline'
import { createEngine } from '../../main/engine/index.ts'
import { assetsDir } from './engine.ts'

const [dataDir, ...scorePaths] = process.argv.slice(2)
if (!dataDir) throw new Error('usage: engine-host DATA_DIR [SCORE…]')
const { jobs } = await createEngine({ dataDir, assetsDir })
for (const scorePath of scorePaths) console.log((await jobs.submit(scorePath)).id)
console.log('ready')

const commands = { pause: jobs.pause, freeze: jobs.freeze, thaw: jobs.thaw, resume: jobs.resume }
for await (const line of createInterface(process.stdin)) {
  const [name = '', jobId = ''] = line.split(' ')
  const run = commands[name as keyof typeof commands]
  const answer = await run(jobId).then(
    () => 'ok',
    () => 'no',
  )
  console.log(`${answer} ${line}`)
}
setInterval(() => {}, 60_000)
