import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { startUndriven } from '../support/fermata.ts'
import { gatedScore } from '../support/place.ts'
import { attemptLeaders, isAlive, processesWithMarker } from '../support/processes.ts'
import { until } from '../support/wait.ts'
import { answerWith, expect, expectStatus, job, jobRow, jobs, openScore, test } from './story.ts'

test('a second start hands its score over to the first and ends', async ({ place, start }) => {
  const fermata = await start()
  await (await fermata.window()).close()
  await until('no window', () => fermata.electron.windows().length === 0)

  const score = gatedScore(place, 'handed-over', 1)
  const second = startUndriven({ dataDir: place.dataDir, home: place.root, cwd: place.root, args: [basename(score.path)] })

  expect(await second.ended()).toBe(0)
  const page = await fermata.window()
  await expectStatus(page, 'handed-over', 'running')
  expect((await job(page, 'handed-over')).scorePath).toBe(score.path)
  score.open(1)
  await expectStatus(page, 'handed-over', 'completed')
})

test('a score that is handed over and refused is told in the window', async ({ place, start }) => {
  const fermata = await start()
  const page = await fermata.window()
  await expect(page.getByRole('button', { name: 'Run the demo' })).toBeVisible()
  writeFileSync(join(place.root, 'wrong.yaml'), 'name: wrong\nsheet: { size: one }\n')

  expect(await startUndriven({ dataDir: place.dataDir, home: place.root, cwd: place.root, args: ['wrong.yaml'] }).ended()).toBe(0)
  await expect(page.getByRole('dialog')).toContainText('wrong.yaml')
  await expect(page.getByRole('dialog')).toContainText(/1:1\D*`prompt` is missing/)
  expect(await jobs(page)).toEqual([])
})

test('a score on the command line is played', async ({ place, start }) => {
  const score = gatedScore(place, 'from-the-shell', 1)
  score.open(1)
  const fermata = await start(score.path)
  await expectStatus(await fermata.window(), 'from-the-shell', 'completed')
})

test('closing the window hides to the tray, the job goes on, and the tray opens the window again', async ({
  desktop,
  place,
  start,
}) => {
  const fermata = await start()
  const score = gatedScore(place, 'background', 2)
  await openScore(fermata, score.path)
  await until('sheet 1 at work', () => score.journal().at(-1) === 'start 1 attempt 1')

  await (await fermata.window()).close()
  await until('no window', () => fermata.electron.windows().length === 0)
  score.open(1)
  await until('sheet 2 at work without a window', () => score.journal().at(-1) === 'start 2 attempt 1')
  await until('progress in the tray', async () => (await desktop.tray.find('background'))?.label.includes('1 of 2 sheets'))

  await desktop.tray.click('Open Fermata')
  await expectStatus(await fermata.window(), 'background', 'running')

  await (await fermata.window()).close()
  await until('no window again', () => fermata.electron.windows().length === 0)
  await desktop.tray.click('background', 'Open')
  const page = await fermata.window()
  await expect(page.getByRole('button', { name: 'Back to jobs' })).toBeVisible()
  await expect(page.locator('[data-sheet="2"]')).toHaveAttribute('data-status', 'in_progress')
})

test('Pause all and Resume all in the tray reach every job', async ({ desktop, place, start }) => {
  const fermata = await start()
  const page = await fermata.window()
  // In a menu `&` and `_` have a meaning of their own; a name must come through unharmed.
  const score = gatedScore(place, 'R&D_ensemble', 3)
  await openScore(fermata, score.path)
  await until('sheet 1 at work', () => score.journal().at(-1) === 'start 1 attempt 1')
  await until('the job in the tray', () => desktop.tray.find('R&D_ensemble'))

  await desktop.tray.click('Pause all')
  await expectStatus(page, 'R&D_ensemble', 'pausing')
  score.open(1)
  await expectStatus(page, 'R&D_ensemble', 'paused')
  await desktop.tray.click('Resume all')
  await until('sheet 2 at work', () => score.journal().at(-1) === 'start 2 attempt 1')
})

test.describe('Quit', () => {
  test('with nothing running just quits', async ({ desktop, start }) => {
    const fermata = await start()
    await fermata.window()
    // A question would be answered with no, and Fermata would stay.
    await answerWith(fermata, 'Don')
    await desktop.tray.click('Quit')
    expect(await fermata.exited()).toBe(0)
  })

  test('asks while a job runs, and takes no for an answer', async ({ desktop, place, start }) => {
    const fermata = await start()
    const score = gatedScore(place, 'unfinished', 1)
    await openScore(fermata, score.path)
    await until('sheet 1 at work', () => score.journal().at(-1) === 'start 1 attempt 1')

    const questions = await answerWith(fermata, 'Don')
    await desktop.tray.click('Quit')
    const [question] = await until('the question', async () => {
      const asked = await questions()
      return asked.length > 0 && asked
    })
    expect(question?.buttons).toEqual([
      'Keep running in the background',
      'Pause, then quit',
      expect.stringMatching(/^Cancel jobs? and quit$/),
      expect.stringMatching(/^Don.t quit$/),
    ])
    expect(`${question?.message} ${question?.detail}`).toMatch(/limit/i)
    score.open(1)
    await expectStatus(await fermata.window(), 'unfinished', 'completed')
  })

  test('keeps the sheet running when asked to, and finds it again', async ({ desktop, place, start }) => {
    const fermata = await start()
    const score = gatedScore(place, 'unfinished', 2)
    await openScore(fermata, score.path)
    await until('sheet 1 at work', () => score.journal().at(-1) === 'start 1 attempt 1')
    const attempts = attemptLeaders(place.root).map(({ pid }) => pid)

    await answerWith(fermata, 'Keep running in the background')
    await desktop.tray.click('Quit')
    expect(await fermata.exited()).toBe(0)
    expect(attempts).toHaveLength(1)
    expect(attempts.filter(isAlive)).toEqual(attempts)

    const page = await (await start()).window()
    await expectStatus(page, 'unfinished', 'running')
    score.open(1, 2)
    await expectStatus(page, 'unfinished', 'completed')
    expect(score.journal()).toEqual(['start 1 attempt 1', 'end 1 attempt 1', 'start 2 attempt 1', 'end 2 attempt 1'])
  })

  test('waits for the sheet that runs when asked to pause, and starts no other', async ({ desktop, place, start }) => {
    const fermata = await start()
    const page = await fermata.window()
    const score = gatedScore(place, 'unfinished', 2)
    await openScore(fermata, score.path)
    await until('sheet 1 at work', () => score.journal().at(-1) === 'start 1 attempt 1')

    await answerWith(fermata, 'Pause')
    await desktop.tray.click('Quit')
    await expect(page.getByText('Quitting when 1 sheet is done…')).toBeVisible()
    await until('the tray to say so', () => desktop.tray.find('Quitting when 1 sheet is done…'))
    await expectStatus(page, 'unfinished', 'pausing')
    const resume = jobRow(page, 'unfinished').getByRole('button', { name: 'Resume' })
    for (const button of [resume, page.getByRole('button', { name: 'Open score…' })])
      await expect(button).toHaveAttribute('aria-disabled', 'true')
    expect(await desktop.tray.find('Resume all')).toMatchObject({ enabled: false })
    // Also what is handed over from outside.
    expect(await startUndriven({ dataDir: place.dataDir, home: place.root, cwd: place.root, args: [score.path] }).ended()).toBe(0)
    await expect(page.getByRole('alert')).toContainText('Fermata is quitting. Choose “Don’t quit” first.')
    score.open(1)
    expect(await fermata.exited()).toBe(0)
    expect(score.journal()).toEqual(['start 1 attempt 1', 'end 1 attempt 1'])
    expect(processesWithMarker(place.root)).toEqual([])

    const again = await (await start()).window()
    await expectStatus(again, 'unfinished', 'paused')
    expect((await job(again, 'unfinished')).completedSheets).toBe(1)
  })

  test('is taken back while it waits: in the tray, or by asking again', async ({ desktop, place, start }) => {
    const fermata = await start()
    const page = await fermata.window()
    const score = gatedScore(place, 'unfinished', 2)
    await openScore(fermata, score.path)
    await until('sheet 1 at work', () => score.journal().at(-1) === 'start 1 attempt 1')
    await answerWith(fermata, 'Pause')
    await desktop.tray.click('Quit')
    await desktop.tray.click('Don')
    await until('the tray without it', async () => (await desktop.tray.find('Quitting')) === null)
    await expect(page.getByText('Quitting')).toHaveCount(0)

    await desktop.tray.click('Quit')
    await expect(page.getByText('Quitting when 1 sheet is done…')).toBeVisible()
    const questions = await answerWith(fermata, 'Don')
    await desktop.tray.click('Quit…')
    await until('a second question', async () => (await questions())[0]?.message.startsWith('Fermata quits when 1 sheet is done'))
    await expect(page.getByText('Quitting')).toHaveCount(0)
    score.open(1)
    await expectStatus(page, 'unfinished', 'paused')
  })

  test('leaves what is frozen frozen, and finds it so', async ({ desktop, place, start }) => {
    const fermata = await start()
    const score = gatedScore(place, 'unfinished', 1)
    await openScore(fermata, score.path)
    await until('sheet 1 at work', () => score.journal().at(-1) === 'start 1 attempt 1')
    const attempts = attemptLeaders(place.root).map(({ pid }) => pid)
    await desktop.tray.click('unfinished', 'Freeze now')
    await expect(jobRow(await fermata.window(), 'unfinished')).toContainText('Frozen')

    await answerWith(fermata, 'Leave frozen')
    await desktop.tray.click('Quit')
    expect(await fermata.exited()).toBe(0)
    expect(attempts.filter(isAlive)).toEqual(attempts)

    const page = await (await start()).window()
    await expect(jobRow(page, 'unfinished')).toContainText('Frozen by you')
    score.open(1)
    await jobRow(page, 'unfinished').getByRole('button', { name: 'Thaw' }).click()
    await expectStatus(page, 'unfinished', 'completed')
    expect(score.journal()).toEqual(['start 1 attempt 1', 'end 1 attempt 1'])
  })

  test('ends what is being cancelled before it is gone', async ({ desktop, place, start }) => {
    const fermata = await start()
    const page = await fermata.window()
    const prompt = ['REHEARSAL: HANG IGNORE_TERM SPAWN_CHILD']
    await openScore(fermata, place.score({ name: 'stubborn', sheets: 1, instrument: 'rehearsal', prompt }))
    await until('its grandchild', () => processesWithMarker(place.root).some(({ command }) => command.includes('sleep 3600')))
    await answerWith(fermata, 'Don')

    await desktop.tray.click('stubborn', 'Cancel…', 'Cancel “stubborn” now')
    await expect(jobRow(page, 'stubborn')).toContainText('Cancelling')
    await desktop.tray.click('Quit')
    expect(await fermata.exited()).toBe(0)
    expect(processesWithMarker(place.root)).toEqual([])
  })

  test('asks anew when the window of the question is closed, and when it is told to quit once more', async ({
    desktop,
    place,
    start,
  }) => {
    const fermata = await start()
    const score = gatedScore(place, 'unfinished', 1)
    await openScore(fermata, score.path)
    await until('sheet 1 at work', () => score.journal().at(-1) === 'start 1 attempt 1')
    // A question nobody answers: whether it lies over a window, and whether it was taken away.
    const asked = await fermata.electron.evaluateHandle(({ dialog }) => {
      const questions: { hasWindow: boolean; gone: boolean }[] = []
      dialog.showMessageBox = (...given: unknown[]) => {
        const { signal } = given.at(-1) as Electron.MessageBoxOptions
        const question = { hasWindow: given.length > 1, gone: false }
        signal?.addEventListener('abort', () => {
          question.gone = true
        })
        questions.push(question)
        return new Promise(() => {})
      }
      return questions
    })
    const areAsked = async (...expected: readonly { hasWindow: boolean; gone: boolean }[]) =>
      expect.poll(() => asked.jsonValue()).toEqual(expected)

    await desktop.tray.click('Quit')
    await areAsked({ hasWindow: true, gone: false })
    await fermata.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    await areAsked({ hasWindow: true, gone: true }, { hasWindow: false, gone: false })
    await answerWith(fermata, 'Keep')
    await desktop.tray.click('Quit')
    expect(await fermata.exited()).toBe(0)
  })

  test('cancels the jobs first when asked to', async ({ desktop, place, start }) => {
    const fermata = await start()
    const score = gatedScore(place, 'unfinished', 2)
    await openScore(fermata, score.path)
    await until('sheet 1 at work', () => score.journal().at(-1) === 'start 1 attempt 1')

    await answerWith(fermata, 'Cancel job')
    await desktop.tray.click('Quit')
    expect(await fermata.exited()).toBe(0)
    expect(processesWithMarker(place.root)).toEqual([])

    const page = await (await start()).window()
    await expectStatus(page, 'unfinished', 'cancelled')
    expect(score.journal()).toEqual(['start 1 attempt 1'])
  })
})
