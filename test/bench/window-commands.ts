import { setTimeout as delay } from 'node:timers/promises'
import type { Locator, Page } from '@playwright/test'
import type { Bridge, JobSummary } from '../../preload/contract.ts'
import { startDesktopBus } from '../support/desktop-bus.ts'
import { launchFermata } from '../support/fermata.ts'
import { makePlace, type Place } from '../support/place.ts'
import { killAll, processesWithMarker } from '../support/processes.ts'
import { until } from '../support/wait.ts'
import { type Bench, quantile, type Row } from './bench.ts'
import { roundTrips, type Seen, type Watched, watchNextClick } from './window-probe.ts'

const ROUNDS = 30
/** Between clicks: a hurried person clicks three times a second. */
const PACE_MS = 330

/** From a click in the real window to its first sign and to the true state, against a call and a frame in the same window. */
export const windowCommands: Bench = {
  name: `commands in the window, ${ROUNDS} clicks each`,
  async run() {
    const place = makePlace()
    const desktop = await startDesktopBus()
    const fermata = await launchFermata({ dataDir: place.dataDir, home: place.root })
    try {
      const page = await fermata.window()
      await page.getByRole('button', { name: 'Run the demo' }).waitFor()
      const bare = [...(await roundTrips(page, ROUNDS * 3))]
      const seen = new Map<string, readonly Seen[]>([
        ...(await onJob(page, place)),
        ...(await onSheets(page, place)),
        ['cancel', await cancelling(page, place)],
      ])
      bare.push(...(await roundTrips(page, ROUNDS * 3)))
      return [...seen].flatMap(([command, samples]) => rowsOf(command, samples, bare))
    } finally {
      await fermata.kill()
      killAll(processesWithMarker(place.root).map(({ pid }) => pid))
      desktop.close()
      place.remove()
    }
  },
}

const rowsOf = (command: string, samples: readonly Seen[], bare: readonly number[]): readonly Row[] =>
  (['first', 'truth'] as const).flatMap((what) =>
    [0.5, 0.99].map((p) => ({
      what: `${command}, ${what === 'first' ? 'first sign' : 'true state'}, p${p * 100}`,
      value: quantile(
        samples.map((seen) => seen[what]),
        p,
      ),
      bare: quantile(bare, p),
      unit: 'ms',
    })),
  )

/** A job that runs on: pause and resume, freeze and thaw, in its row of the list. */
async function onJob(page: Page, place: Place): Promise<ReadonlyMap<string, readonly Seen[]>> {
  const { id } = await begin(page, place, 'steady', 1)
  const row = `li[data-job-id="${id}"]`
  const samples = new Map<string, Seen[]>()
  const press = async (command: string, label: string, truth: RegExp) => {
    const button = page.locator(row).getByRole('button', { name: label, exact: true })
    const seen = await timed(page, button, { within: row, truthAt: row, truth })
    samples.set(command, [...(samples.get(command) ?? []), seen])
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    await press('pause', 'Pause after this sheet', /^pausing /)
    await press('resume', 'Resume', /^running /)
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    await press('freeze', 'Freeze now', /^\w+ frozen (?!.*Freezing)/)
    await press('thaw', 'Thaw', /^running (?!frozen)(?!.*Thawing)/)
  }
  return samples
}

/** A sheet that runs is begun again and again; then one running sheet after the other is left out. On the job's page. */
async function onSheets(page: Page, place: Place): Promise<ReadonlyMap<string, readonly Seen[]>> {
  const { id } = await begin(page, place, 'sheets', ROUNDS + 1)
  await page.locator(`li[data-job-id="${id}"]`).getByRole('link').click()
  const press = async (label: string, confirmation: string, sheet: number, truth: RegExp) => {
    await page.getByRole('button', { name: label }).click()
    const button = page.getByRole('dialog').getByRole('button', { name: confirmation })
    return timed(page, button, { within: `[data-job-page="${id}"] section`, truthAt: `[data-sheet="${sheet}"]`, truth })
  }
  const retries: Seen[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    retries.push(await press('Run again…', 'End and run again', 1, /Ending|Starting/))
    await running(page, id, 1)
  }
  const skips: Seen[] = []
  for (let sheet = 1; sheet <= ROUNDS; sheet += 1) {
    skips.push(await press('Leave out…', 'End and leave out', sheet, /^skipped |Ending/))
    await running(page, id, sheet + 1)
  }
  await page.getByRole('button', { name: 'Back to jobs' }).click()
  return new Map([
    ['retry', retries],
    ['skip', skips],
  ])
}

/** One running job after the other, in the list. */
async function cancelling(page: Page, place: Place): Promise<readonly Seen[]> {
  const samples: Seen[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const { id } = await begin(page, place, `cancelled-${round}`, 1)
    const row = `li[data-job-id="${id}"]`
    await page.locator(row).getByRole('button', { name: 'Cancel…' }).click()
    const button = page.getByRole('dialog').getByRole('button', { name: 'Cancel job' })
    samples.push(await timed(page, button, { within: row, truthAt: row, truth: /^cancelled |Cancelling(?!…)/ }))
  }
  return samples
}

async function timed(page: Page, button: Locator, watched: Watched): Promise<Seen> {
  await button.waitFor()
  await delay(PACE_MS)
  const seen = await watchNextClick(page, watched)
  await button.click()
  return seen()
}

/** A job whose sheets are processes that stay, begun and in the list. */
async function begin(page: Page, place: Place, name: string, sheets: number): Promise<JobSummary> {
  const scorePath = place.score({ name, sheets, instrument: 'cli', prompt: ['sleep 3600'] })
  const submitted = await page.evaluate(async (path) => {
    const answer = await (globalThis as unknown as { fermata: Bridge }).fermata.call('jobs.submit', { scorePath: path })
    if (!answer.ok) throw new Error(answer.problem.message)
    return answer.value
  }, scorePath)
  await running(page, submitted.id, 1)
  return submitted
}

/** Waits until the sheet's process runs, by what the app says of it. */
const running = (page: Page, jobId: string, sheet: number) =>
  until(`sheet ${sheet} at work`, () =>
    page.evaluate(
      async ([id, number]) => {
        const answer = await (globalThis as unknown as { fermata: Bridge }).fermata.call('jobs.detail', { jobId: id })
        return answer.ok && answer.value.running.some((attempt) => attempt.sheet === number && attempt.phase === 'running')
      },
      [jobId, sheet] as const,
    ),
  )
