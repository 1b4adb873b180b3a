import { spawn } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProcessIdentity } from '../../../main/engine/ports.ts'
import { createLauncher } from '../../../main/engine/processes/launcher.ts'
import { linuxProcesses } from '../../../main/engine/processes/linux-processes.ts'
import { startEngine, type TestEngine } from '../../support/engine.ts'
import { makePlace, type Place } from '../../support/place.ts'
import { isAlive, killAll, processesWithMarker } from '../../support/processes.ts'
import { until } from '../../support/wait.ts'

let place: Place
let engine: TestEngine
/** What an attempt left running: it shows no marker and is in no group of ours, as another user's whose leader has gone. */
let stubborn: ProcessIdentity
let refuses = false

beforeEach(async () => {
  const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' })
  const pid = child.pid ?? 0
  stubborn = { pid, startTime: linuxProcesses().startTimeOf(pid) ?? '' }
  place = makePlace()
  const real = createLauncher()
  let isSeen = true
  refuses = false
  engine = await startEngine(place, {
    launcher: {
      ...real,
      async stop(...attempt) {
        if (refuses) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' })
        const { survivors } = await real.stop(...attempt)
        // Only while its leader lived the group was proven to be the attempt's.
        const left = isSeen ? [...survivors, stubborn] : survivors
        isSeen = false
        return { survivors: left }
      },
    },
  })
})
afterEach(async () => {
  for (const job of await engine.jobs.list()) if (job.can.cancel) await engine.jobs.cancel(job.id)
  await engine.close()
  killAll([stubborn.pid, ...processesWithMarker(place.root).map(({ pid }) => pid)])
  place.remove()
})

/** A job whose first attempt fails and leaves the stubborn one; others are to succeed. */
async function failedJob(): Promise<string> {
  const prompt = ['echo {{ sheet_num }} >> ran', 'test {{ sheet_num }} = 2 || test $(grep -c 1 ran) -gt 1']
  const score = place.score({
    name: 'left',
    sheets: 2,
    instrument: 'cli',
    prompt,
    retry: { max_retries: 2, base_delay_seconds: 0 },
  })
  const { id } = await engine.jobs.submit(score)
  const { survivors, reason, sheets } = await engine.reaches(id, 'failed')
  expect(survivors).toEqual([stubborn.pid])
  expect(reason).toContain(`process ${stubborn.pid} could not be ended and still runs`)
  expect(sheets[0]?.attempts).toBe(1)
  return id
}

async function endStubborn(): Promise<void> {
  killAll([stubborn.pid])
  await until('it is gone', () => !isAlive(stubborn.pid))
}

describe('what an attempt left running that shows no marker', () => {
  it('stays told of when it was tried to end it, until it is gone', async () => {
    const id = await failedJob()
    expect((await engine.jobs.endSurvivors(id)).survivors).toEqual([stubborn.pid])
    await endStubborn()
    expect((await engine.jobs.endSurvivors(id)).survivors).toEqual([])
  })

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['the job is resumed', (id) => engine.jobs.resume(id)],
    ['its sheet is to run again', (id) => engine.jobs.retrySheet(id, 1)],
  ])('keeps everything from running beside it when %s', async (_, goOn) => {
    const id = await failedJob()
    await expect(goOn(id)).rejects.toMatchObject({
      code: 'SURVIVORS',
      message: expect.stringContaining(`Process ${stubborn.pid} of an earlier attempt could not be ended`),
    })
    expect(await engine.jobs.status(id)).toMatchObject({ status: 'failed', survivors: [stubborn.pid] })
    await endStubborn()
    await goOn(id)
    expect((await engine.reaches(id, 'completed')).survivors).toEqual([])
  })

  it('is not taken to be gone because the system does not tell', async () => {
    const id = await failedJob()
    refuses = true
    await expect(engine.jobs.resume(id)).rejects.toMatchObject({
      code: 'SURVIVORS',
      message: expect.stringContaining('may still run'),
    })
    refuses = false
    expect((await engine.jobs.status(id)).survivors).toEqual([stubborn.pid])
  })

  it('does not keep its sheet from being left out: that one does not run again', async () => {
    const id = await failedJob()
    await engine.jobs.skipSheet(id, 1)
    const { survivors, needsYou } = await engine.reaches(id, 'completed')
    expect([survivors, needsYou]).toEqual([[stubborn.pid], true])
  })
})

it('leaves alone what a sheet that is done left running, when the survivors of another are ended', async () => {
  const prompt = ['case {{ sheet_num }} in 1) sleep 299 >/dev/null 2>&1 & ;; 2) exit 1 ;; 3) sleep 300 ;; esac']
  const score = place.score({
    name: 'server',
    sheets: 1,
    instrument: 'cli',
    prompt,
    movements: { 1: { voices: 3 } },
    parallel: { enabled: true },
    retry: { max_retries: 1, base_delay_seconds: 0 },
  })
  const { id } = await engine.jobs.submit(score)
  const ENDED = 'completed,failed,in_progress'
  await until('two are over', async () => (await engine.jobs.status(id)).sheetStatuses.join() === ENDED)
  expect((await engine.jobs.status(id)).survivors).toEqual([stubborn.pid])
  const servers = () => processesWithMarker(place.root).filter(({ command }) => command === 'sleep 299')
  expect(servers()).toHaveLength(1)
  await engine.jobs.endSurvivors(id)
  expect(servers()).toHaveLength(1)
})
