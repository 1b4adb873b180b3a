import type { Fermata } from '../support/fermata.ts'
import { gatedScore, type Place } from '../support/place.ts'
import { attemptLeaders, isAlive, processesWithMarker } from '../support/processes.ts'
import { until } from '../support/wait.ts'
import { answerWith, expect, expectStatus, job, openScore, test } from './story.ts'

/** Ends of Fermata that cannot wait for an answer, and how the system tells of each. */
const ENDINGS: readonly { readonly name: string; readonly end: (fermata: Fermata) => Promise<unknown> | unknown }[] = [
  { name: 'SIGTERM, as at the end of a session', end: ({ pid }) => process.kill(pid, 'SIGTERM') },
  { name: 'SIGHUP, as when its terminal is closed', end: ({ pid }) => process.kill(pid, 'SIGHUP') },
  { name: 'SIGINT', end: ({ pid }) => process.kill(pid, 'SIGINT') },
  { name: 'the shutdown of the computer', end: shutDown },
  {
    name: 'the restart of an update',
    end: ({ electron }) =>
      electron.evaluate(({ app, autoUpdater }) => {
        // What an updater does once it has an update: it announces the end, closes the windows, then ends the app.
        setImmediate(() => {
          autoUpdater.emit('before-quit-for-update')
          app.quit()
        })
      }),
  },
]

test('the computer waits with its shutdown until Fermata is closed', async ({ place, start }) => {
  const fermata = await start()
  await openScore(fermata, gatedScore(place, 'unfinished', 1).path)
  await expectStatus(await fermata.window(), 'unfinished', 'running')
  await shutDown(fermata)
  expect(await fermata.exited()).toBe(0)
  expect(fermata.output()).toContain('the shutdown waits')
})

for (const { name, end } of ENDINGS) {
  test(`${name} asks nobody, and the next Fermata goes on with the very process`, async ({ desktop, place, start }) => {
    const fermata = await start()
    const score = gatedScore(place, 'unfinished', 2)
    await openScore(fermata, score.path)
    await until('sheet 1 at work', () => score.journal().at(-1) === 'start 1 attempt 1')
    const attempt = onlyAttempt(place)
    const wasAsked = await watchQuestions(fermata)

    await end(fermata)
    expect(await fermata.exited()).toBe(0)
    expect(wasAsked()).toBe(false)
    expect(isAlive(attempt)).toBe(true)

    const page = await (await start()).window()
    await expectStatus(page, 'unfinished', 'running')
    expect((await job(page, 'unfinished')).running).toEqual([
      expect.objectContaining({ sheet: 1, phase: 'running', pid: attempt }),
    ])
    expect(onlyAttempt(place)).toBe(attempt)
    await until('the adopted job in the tray', () => desktop.tray.find('unfinished'))
    score.open(1, 2)
    await expectStatus(page, 'unfinished', 'completed')
    expect(score.journal()).toEqual(ONCE_EACH)
    expect((await job(page, 'unfinished')).sheets.map(({ attempts }) => attempts)).toEqual([1, 1])
    expect(processesWithMarker(place.root)).toEqual([])
  })
}

test('a session that ends in the middle of the question, or while sheets are waited for, keeps the sheet running', async ({
  desktop,
  place,
  start,
}) => {
  const score = gatedScore(place, 'unfinished', 2)
  const first = await start()
  await openScore(first, score.path)
  await until('sheet 1 at work', () => score.journal().at(-1) === 'start 1 attempt 1')
  const attempt = onlyAttempt(place)
  const isAsked = await watchQuestions(first)
  await desktop.tray.click('Quit')
  await until('the question', isAsked)
  process.kill(first.pid, 'SIGTERM')
  expect(await first.exited()).toBe(0)
  expect(isAlive(attempt)).toBe(true)

  const second = await start()
  await expectStatus(await second.window(), 'unfinished', 'running')
  await answerWith(second, 'Pause')
  await desktop.tray.click('Quit')
  await expectStatus(await second.window(), 'unfinished', 'pausing')
  process.kill(second.pid, 'SIGTERM')
  expect(await second.exited()).toBe(0)
  expect(isAlive(attempt)).toBe(true)

  // The pause was the user's and stays in force.
  const page = await (await start()).window()
  await expectStatus(page, 'unfinished', 'pausing')
  score.open(1, 2)
  await expectStatus(page, 'unfinished', 'paused')
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  await expectStatus(page, 'unfinished', 'completed')
  expect(score.journal()).toEqual(ONCE_EACH)
})

const ONCE_EACH = ['start 1 attempt 1', 'end 1 attempt 1', 'start 2 attempt 1', 'end 2 attempt 1']

/** What Electron does when the system tells that it goes down: it holds that up if the event's default is prevented. */
function shutDown({ electron }: Fermata): Promise<void> {
  return electron.evaluate(({ powerMonitor }) => {
    // Not before this call is answered: there may be nobody left to answer it then.
    setImmediate(() => powerMonitor.emit('shutdown', { preventDefault: () => console.log('the shutdown waits') }))
  })
}

/** The process of the one attempt that runs. */
function onlyAttempt(place: Place): number {
  const [leader, ...others] = attemptLeaders(place.root)
  if (!leader || others.length > 0) throw new Error('there should be one attempt')
  return leader.pid
}

/** Lets every message box wait for ever, as for a person who is away; tells whether there was one, after the end too. */
async function watchQuestions(fermata: Fermata): Promise<() => boolean> {
  await fermata.electron.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => {
      console.log('a question was asked')
      return new Promise(() => {})
    }
  })
  return () => fermata.output().includes('a question was asked')
}
