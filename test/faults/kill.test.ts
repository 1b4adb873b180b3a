import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEngine } from '../support/engine.ts'
import { addLedgerAgent, type LedgerLine } from '../support/ledger.ts'
import { makePlace, type Place } from '../support/place.ts'
import { killAll, processesWithMarker } from '../support/processes.ts'
import { seededRandom } from '../support/random.ts'

const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 5)
const SEED = Number(process.env.FAULT_SEED ?? 1)

let place: Place
let host: Host | null = null

beforeEach(() => {
  place = makePlace()
})
afterEach(() => {
  host?.child.kill('SIGKILL')
  killAll(processesWithMarker(place.root).map(({ pid }) => pid))
  place.remove()
})

interface Host {
  readonly child: ChildProcess
  readonly lines: AsyncIterableIterator<string>
}

/** Fermata in a process of its own; answers when it is ready, with the ids of the jobs it took in. */
async function startHost(...scores: readonly string[]): Promise<readonly string[]> {
  const script = join(import.meta.dirname, '../support/engine-host.ts')
  const child = spawn(process.execPath, [script, place.dataDir, ...scores], { stdio: ['pipe', 'pipe', 'inherit'] })
  const output: Interface = createInterface(child.stdout)
  host = { child, lines: output[Symbol.asyncIterator]() as AsyncIterableIterator<string> }
  const ids: string[] = []
  for (;;) {
    const { value, done } = await host.lines.next()
    if (done) throw new Error('Fermata ended before it was ready')
    if (value === 'ready') return ids
    ids.push(value)
  }
}

async function killHost(): Promise<void> {
  const child = host?.child
  host = null
  if (!child) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** Whether Fermata took the command. */
async function tell(command: string): Promise<boolean> {
  host?.child.stdin?.write(`${command}\n`)
  const answer = await host?.lines.next()
  return answer?.value === `ok ${command}`
}

const prompt = (fails: string): readonly string[] => [
  'SECONDS_OF_WORK=0.{{ sheet_num % 3 + 1 }}',
  `{% if ${fails} %}FAILS_FIRST=yes{% endif %}`,
  ':',
]
const retry = { max_retries: 3, base_delay_seconds: 0.1, jitter: false }

/** A fan-out with a voice that fails first and hooks after it; a chain; a job its user pauses, or freezes. */
function mix(ledger: string): readonly string[] {
  const at = (name: string) => ({ workspace: join(place.root, name), instrument: 'ledger' as const, retry })
  const checked = [{ type: 'file_exists', path: 'sheet-{sheet_num}.md' }]
  const note = (what: LedgerLine['what']) => `printf '${what} fan 0 0 0\\n' >>${ledger}`
  const fan = {
    sheet: { fan_out: { 2: 3 }, dependencies: { 2: [1], 3: [2] } },
    parallel: { enabled: true, max_concurrent: 3 },
    on_success: [{ type: 'run_command', command: `${note('hook_begin')}; sleep 0.2; ${note('hook_end')}` }],
  }
  return [
    place.score({ name: 'fan', sheets: 3, prompt: prompt('sheet_num == 3'), validations: checked, ...at('fan'), ...fan }),
    place.score({ name: 'chain', sheets: 4, prompt: prompt('sheet_num == 2'), validations: checked, ...at('chain') }),
    place.score({ name: 'held', sheets: 4, prompt: prompt('false'), validations: checked, ...at('held') }),
  ]
}

/** No two attempts of a sheet at once, none twice, and each sheet done once. */
function checkLedger(lines: readonly LedgerLine[], jobId: string, sheets: number): void {
  const ours = lines.filter(({ job }) => job === jobId)
  const open = new Map<number, number>()
  const begun = new Set<string>()
  for (const { what, sheet, attempt } of ours) {
    if (what !== 'begin') {
      expect(open.get(sheet), `${jobId}: sheet ${sheet} ends`).toBe(attempt)
      open.delete(sheet)
      continue
    }
    expect(open.has(sheet), `${jobId}: two attempts of sheet ${sheet} at once`).toBe(false)
    expect(begun.has(`${sheet}/${attempt}`), `${jobId}: attempt ${attempt} of sheet ${sheet} twice`).toBe(false)
    begun.add(`${sheet}/${attempt}`)
    open.set(sheet, attempt)
  }
  expect([...open.keys()]).toEqual([])
  const done = ours.filter(({ what }) => what === 'done').map(({ sheet }) => sheet)
  expect(done.toSorted()).toEqual(Array.from({ length: sheets }, (_, index) => index + 1))
}

describe('kill -9 of the program at random moments', () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => SEED + round))(
    'loses nothing, repeats nothing and forgets no pause (replay: npm run faults -- --rounds 1 --seed %i)',
    async (seed) => {
      const random = seededRandom(seed)
      const ledger = addLedgerAgent(place)
      const [fan = '', chain = '', held = ''] = await startHost(...mix(ledger.file))
      const order = random() < 0.5 ? 'pause' : 'freeze'
      let isHeld = false
      const kills = 1 + Math.floor(random() * 4)
      for (let kill = 0; kill < kills; kill++) {
        // The moments of the order and of the kill are the test's input, not waits for something.
        await delay(random() * 500)
        if (!isHeld && random() < 0.6) isHeld = await tell(`${order} ${held}`)
        await delay(random() * 500)
        await killHost()
        if (kill < kills - 1) await startHost()
      }

      const engine = await startEngine(place)
      try {
        for (const id of [fan, chain]) await engine.reaches(id, 'completed')
        const before = await engine.jobs.status(held)
        if (isHeld && before.status !== 'completed') {
          expect(['paused', 'pausing']).toContain(before.status)
          if (before.status === 'pausing') await engine.reaches(held, 'paused')
          await engine.jobs.resume(held)
        }
        const jobs = [await engine.jobs.status(fan), await engine.jobs.status(chain), await engine.reaches(held, 'completed')]

        const lines = ledger.read()
        for (const job of jobs) {
          checkLedger(lines, job.id, job.totalSheets)
          const used = lines.filter((line) => line.job === job.id).reduce((sum, { tokens }) => sum + tokens, 0)
          expect(job.usage.inputTokens, `tokens of ${job.id}`).toBe(used)
          expect(job.sheets.every(({ status }) => status === 'completed')).toBe(true)
        }
        const hook = lines.flatMap(({ what }) => (what.startsWith('hook') ? [what] : []))
        expect(hook, 'the hook').toEqual(['hook_begin', 'hook_end'])
        expect(processesWithMarker(place.root)).toEqual([])
        expect(engine.problems).toEqual([])
      } finally {
        await engine.close()
      }
      const database = new Database(join(place.dataDir, 'fermata.db'), { readonly: true })
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
      database.close()
    },
  )
})
