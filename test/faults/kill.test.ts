import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobDetail } from '../../main/engine/index.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { addLedgerAgent, type Ledger } from '../support/ledger.ts'
import { type Order, obey } from '../support/orders.ts'
import { makePlace, type Place } from '../support/place.ts'
import { killAll, processesWithMarker } from '../support/processes.ts'
import { seededRandom } from '../support/random.ts'
import { until } from '../support/wait.ts'
import { checkLedger } from './kill/check-ledger.ts'
import { type KillableFermata, startFermata } from './kill/fermata.ts'
import { integrityOf, unfinishedSheets } from './kill/kept.ts'
import { mix, NAMES, type Name } from './kill/mix.ts'
import { createPromises, type Promises } from './kill/promises.ts'
import { type Life, type Script, scriptOf, type Wish } from './kill/script.ts'

const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 5)
const SEED = Number(process.env.FAULT_SEED ?? 1)

let place: Place
let fermata: KillableFermata | null = null
let ledger: Ledger
let promises: Promises
let ids: Readonly<Record<Name, string>>

beforeEach(() => {
  place = makePlace()
  ledger = addLedgerAgent(place)
  promises = createPromises(ledger)
})
afterEach(async () => {
  await fermata?.kill()
  killAll(processesWithMarker(place.root).map(({ pid }) => pid))
  place.remove()
})

const orderOf = (wish: Wish): Order => ({ ...wish, job: ids[wish.job] })

/** The moments of the orders and of the kill are the test's input, not waits for something. */
async function live({ wishes, quietMs, last }: Life, { tell, kill }: KillableFermata): Promise<void> {
  for (const { afterMs, wish } of wishes) {
    await delay(afterMs)
    await promises.give(orderOf(wish), tell)
  }
  await delay(quietMs)
  if (last) {
    promises.lose(orderOf(last.wish))
    tell(orderOf(last.wish)).catch(() => {})
    await delay(last.killAfterMs)
  }
  await kill()
}

/** Lives and dies as the script says. */
async function play({ lives, asks }: Script): Promise<void> {
  writeFileSync(join(place.dataDir, 'settings.json'), JSON.stringify({ onReturn: asks ? 'ask' : 'continue' }))
  for (const [index, life] of lives.entries()) {
    if (index > 0) comeBack(asks)
    fermata = await startFermata(place.dataDir, ...(index === 0 ? mix(place, ledger.file) : []))
    if (index === 0) ids = Object.fromEntries(NAMES.map((name, at) => [name, fermata?.ids[at]])) as typeof ids
    await live(life, fermata)
  }
  comeBack(asks)
}

function comeBack(asks: boolean): void {
  if (asks) promises.hold(unfinishedSheets(place.dataDir))
}

/** Resumes what is held and helps on what is stuck, until each job is over. */
function finish({ jobs }: TestEngine, { mercy }: Script): Promise<readonly JobDetail[]> {
  const give = (name: Order['name'], job: string, sheet = 0) => promises.give({ name, job, sheet }, (order) => obey(jobs, order))
  return Promise.all(
    NAMES.map((name) =>
      until(`${name} is over`, async () => {
        const job = await jobs.status(ids[name])
        if (job.status === 'completed' || job.status === 'cancelled') return job
        if (job.can.resume && ['pausing', 'paused', 'interrupted'].includes(job.status)) await give('resume', job.id)
        for (const { number } of job.sheets.filter((sheet) => isStuck(job, sheet)))
          await give(mercy[number - 1] ?? 'retrySheet', job.id, number)
        throw new Error(`it is ${job.status}: ${job.reason}`)
      }),
    ),
  )
}

/** An agent that hangs leaves the number of its attempt. */
function isStuck({ workspace }: JobDetail, { number, status, attempts }: JobDetail['sheets'][number]): boolean {
  if (status !== 'in_progress') return status === 'failed' || status === 'waiting'
  const hung = join(workspace, `hung-${number}`)
  return existsSync(hung) && Number(readFileSync(hung, 'utf8')) === attempts
}

/** What is known of an order of this name: that it was taken, that it was not, or null. */
function wasTaken(job: Name, ...names: readonly Order['name'][]): boolean | null {
  const ours = promises.given.filter((order) => order.job === ids[job] && names.includes(order.name))
  if (ours.some(({ answer }) => answer?.taken)) return true
  return ours.some(({ answer }) => answer === null) ? null : false
}

/** The last thing its user asked of the job was to hold it. */
function isHeld(): boolean {
  const counted = promises.given.filter(({ job, answer }) => job === ids.held && (answer === null || answer.taken))
  const last = counted.at(-1)
  return last !== undefined && last.answer !== null && last.name !== 'resume'
}

describe('kill -9 of the program at random moments', () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => SEED + round))(
    'loses nothing, repeats nothing and keeps to what its user asked for (replay: npm run faults -- --rounds 1 --seed %i)',
    async (seed) => {
      const script = scriptOf(seededRandom(seed))
      await play(script)

      const engine = await startEngine(place)
      try {
        const held = await engine.jobs.status(ids.held)
        // A job that was held at its return already may stay that for its user.
        const still = ['paused', 'pausing', 'completed', ...(script.asks ? ['interrupted'] : [])]
        if (isHeld()) expect(still, 'what its user held').toContain(held.status)

        const jobs = await finish(engine, script)
        const lines = ledger.read()
        promises.check(lines)
        for (const job of jobs) {
          checkLedger(lines, job, promises.given)
          const hooks = lines.filter((line) => line.job === job.id && line.sheet === 0).map(({ what }) => what)
          const all = ['fan', 'cut'].includes(job.name) ? ['hook_begin', 'hook_end'] : []
          expect(hooks, `hooks of ${job.name}`).toEqual(job.status === 'completed' ? all : all.slice(0, hooks.length))
          const cancelled = job.name === 'cut' ? wasTaken('cut', 'cancel') : false
          if (cancelled !== null) expect(job.status, job.name).toBe(cancelled ? 'cancelled' : 'completed')
        }
        expect(processesWithMarker(place.root)).toEqual([])
        expect(engine.problems).toEqual([])
      } finally {
        await engine.close()
      }
      expect(integrityOf(place.dataDir)).toBe('ok')
    },
  )
})
