import { test as base, expect, type Page, type TestInfo } from '@playwright/test'
import type { Bridge, JobDetail, JobSummary } from '../../preload/contract.ts'
import { type DesktopBus, startDesktopBus } from '../support/desktop-bus.ts'
import { type Fermata, launchFermata } from '../support/fermata.ts'
import { makePlace, type Place } from '../support/place.ts'
import { isAlive, killAll, processesWithMarker } from '../support/processes.ts'

interface Fixtures {
  /** A folder of this test's own; it stays when the test fails. */
  readonly place: Place
  /** Starts the app on `place`; whatever still lives at the end of the test is killed. */
  readonly start: (...args: readonly string[]) => Promise<Fermata>
}

/** Every story plays on one desktop, with a fresh place for itself. */
export const test = base.extend<Fixtures, { readonly desktop: DesktopBus }>({
  desktop: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures it needs from this pattern.
    async ({}, use) => {
      const desktop = await startDesktopBus()
      await use(desktop)
      desktop.close()
    },
    { scope: 'worker' },
  ],
  place: async ({ desktop }, use, info) => {
    desktop.notifications.clear()
    const place = makePlace()
    await use(place)
    if (info.status === info.expectedStatus) place.remove()
    else await info.attach('folder of the test', { body: place.root })
  },
  start: async ({ place }, use, info) => {
    const started: Fermata[] = []
    await use(async (...args) => {
      const fermata = await launchFermata({ dataDir: place.dataDir, home: place.root, args })
      started.push(fermata)
      return fermata
    })
    if (info.status !== info.expectedStatus) for (const fermata of started) await keepEvidence(fermata, info)
    for (const fermata of started) await fermata.kill()
    killAll(processesWithMarker(place.root).map(({ pid }) => pid))
  },
})

export { expect }

/** What the app wrote and what it shows, for whoever wants to know why a test failed. */
async function keepEvidence({ electron, pid, output }: Fermata, info: TestInfo): Promise<void> {
  await info.attach('output of the app', { body: output() })
  if (!isAlive(pid)) return
  for (const page of electron.windows()) {
    // A window that hangs gives no picture; the other evidence matters more than that.
    const picture = await page.screenshot({ timeout: 5_000 }).catch(() => null)
    if (picture) await info.attach('window', { body: picture, contentType: 'image/png' })
  }
}

/** Opens a score as a person does; only the system's own file dialog is answered for them. */
export async function openScore(fermata: Fermata, path: string): Promise<void> {
  const page = await fermata.window()
  const button = page.getByRole('button', { name: 'Open score…' }).first()
  await expect(button).toBeVisible()
  await fermata.electron.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] })
  }, path)
  await button.click()
}

/** What the app asked by a message box. */
export interface Question {
  readonly message: string
  readonly detail: string
  readonly buttons: readonly string[]
}

/** Answers every message box from now on with the button whose label starts so; gives a way to read what was asked. */
export async function answerWith(fermata: Fermata, label: string): Promise<() => Promise<readonly Question[]>> {
  const asked = await fermata.electron.evaluateHandle(({ dialog }, button) => {
    const questions: { message: string; detail: string; buttons: string[] }[] = []
    const answer = async (...args: unknown[]) => {
      const { message = '', detail = '', buttons = [] } = args.at(-1) as Electron.MessageBoxOptions
      questions.push({ message, detail, buttons: [...buttons] })
      return { response: buttons.findIndex((candidate) => candidate.startsWith(button)), checkboxChecked: false }
    }
    dialog.showMessageBox = answer
    return questions
  }, label)
  return () => asked.jsonValue()
}

/** The row of a job in the list. */
export const jobRow = (page: Page, name: string) => page.locator('[data-job-id]').filter({ hasText: name }).first()

/** Waits until the list shows the job in this status. */
export async function expectStatus(page: Page, name: string, status: JobSummary['status']): Promise<void> {
  await expect(jobRow(page, name)).toHaveAttribute('data-status', status, { timeout: 30_000 })
}

/** What the app itself says of all jobs, asked through the window's bridge. */
export async function jobs(page: Page): Promise<readonly JobSummary[]> {
  return page.evaluate(async () => {
    const result = await (globalThis as unknown as { fermata: Bridge }).fermata.call('jobs.snapshot', null)
    if (!result.ok) throw new Error(result.problem.message)
    return result.value.jobs
  })
}

/** What the app itself says of the one job with this name. */
export async function job(page: Page, name: string): Promise<JobDetail> {
  const [summary, ...others] = (await jobs(page)).filter((candidate) => candidate.name === name)
  if (!summary || others.length > 0) throw new Error(`there should be one job "${name}"`)
  return page.evaluate(async (jobId) => {
    const result = await (globalThis as unknown as { fermata: Bridge }).fermata.call('jobs.detail', { jobId })
    if (!result.ok) throw new Error(result.problem.message)
    return result.value
  }, summary.id)
}
