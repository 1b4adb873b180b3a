import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEngine } from '../support/engine.ts'
import { makePlace, type Place } from '../support/place.ts'
import { killAll, processesWithMarker } from '../support/processes.ts'
import { seededRandom } from '../support/random.ts'
import { until } from '../support/wait.ts'

const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 5)
const SEED = Number(process.env.FAULT_SEED ?? 1)
const SHEETS = 4

let place: Place
let host: ChildProcess | null = null

beforeEach(() => {
  place = makePlace()
})
afterEach(() => {
  host?.kill('SIGKILL')
  killAll(processesWithMarker(place.root).map(({ pid }) => pid))
  place.remove()
})

/** Sheets that fail at first, and that write down themselves when they begin and end: the ledger everything is checked against. */
function unruly(): string {
  return place.score({
    name: 'unruly',
    sheets: SHEETS,
    instrument: 'cli',
    prompt: [
      'note() { echo "$1 {{ sheet_num }} $FERMATA_ATTEMPT_NUMBER" >>ledger; }',
      'note begin',
      'sleep 0.2',
      '[ {{ sheet_num }} != 2 ] || [ -e failed-once ] || { : >failed-once; note end; exit 1; }',
      'echo work >sheet-{{ sheet_num }}.md',
      'note done',
    ],
    validations: [{ type: 'file_exists', path: 'sheet-{sheet_num}.md' }],
    retry: { max_retries: 3, base_delay_seconds: 0.1, jitter: false },
  })
}

const ledger = (): { what: string; sheet: number; attempt: number }[] => {
  const file = place.inWorkspace('ledger')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  return lines.map((line) => {
    const [what = '', sheet, attempt] = line.split(' ')
    return { what, sheet: Number(sheet), attempt: Number(attempt) }
  })
}

function startHost(...args: string[]): ChildProcess {
  host = spawn(process.execPath, [join(import.meta.dirname, '../support/engine-host.ts'), place.dataDir, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return host
}

describe('kill -9 of the program at random moments', () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => SEED + round))(
    'loses nothing and plays no finished sheet twice (replay: npm run faults -- --rounds 1 --seed %i)',
    async (seed) => {
      const random = seededRandom(seed)
      const first = startHost(unruly())
      if (!first.stdout) throw new Error('no output to read')
      const id = String((await once(first.stdout, 'data'))[0]).trim()
      const kills = 1 + Math.floor(random() * 3)
      for (let kill = 0; kill < kills; kill++) {
        // The moment of the kill is the test's input, not a wait for something.
        await delay(random() * 600)
        host?.kill('SIGKILL')
        await once(host as ChildProcess, 'exit')
        if (random() < 0.25) killAll(processesWithMarker(place.root).map(({ pid }) => pid))
        if (kill < kills - 1) startHost()
      }

      const engine = await startEngine(place)
      const job = await until('the job is completed', async () => {
        const now = await engine.jobs.status(id)
        if (now.status === 'interrupted') await engine.jobs.resume(id)
        return now.status === 'completed' && now
      })
      await engine.close()

      const entries = ledger()
      for (let sheet = 1; sheet <= SHEETS; sheet++) {
        expect(entries.filter(({ what, ...entry }) => what === 'done' && entry.sheet === sheet)).toHaveLength(1)
      }
      // Never two attempts at once: whoever begins does so after the one before ended, or was killed and never wrote again.
      entries.forEach((entry, index) => {
        if (entry.what !== 'begin')
          expect(entries.slice(0, index).findLast(({ what }) => what === 'begin')).toMatchObject({
            attempt: entry.attempt,
            sheet: entry.sheet,
          })
      })
      const begun = entries.filter(({ what }) => what === 'begin').map(({ sheet, attempt }) => `${sheet}/${attempt}`)
      expect(new Set(begun).size).toBe(begun.length)
      expect(job.sheets.every(({ status }) => status === 'completed')).toBe(true)
      expect(processesWithMarker(place.root)).toEqual([])
      expect(engine.problems).toEqual([])

      const database = new Database(join(place.dataDir, 'fermata.db'), { readonly: true })
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
      database.close()
    },
  )
})
