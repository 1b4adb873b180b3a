import { until } from '../support/wait.ts'
import { expect, expectStatus, job, jobRow, openScore, test } from './story.ts'

test('silence is told before it is acted on, and what the processes use is known while somebody looks', async ({
  place,
  start,
}) => {
  const fermata = await start()
  const page = await fermata.window()
  await openScore(
    fermata,
    place.score({
      name: 'silent',
      sheets: 1,
      instrument: 'cli',
      prompt: ['echo begun; until [ -e gate ]; do sleep 0.05; done'],
      stale_detection: { enabled: true, idle_timeout_seconds: 600, check_interval_seconds: 5 },
    }),
  )
  await expectStatus(page, 'silent', 'running')
  const attempt = await until('what its processes use', async () => {
    const [running] = (await job(page, 'silent')).running
    return running?.load && running.load.cpuPercent !== null && running
  })
  expect(attempt.load?.processes).toBeGreaterThanOrEqual(2)
  expect(attempt.load?.memoryBytes).toBeGreaterThan(100_000)
  await jobRow(page, 'silent').getByRole('link').click()
  const strip = page.getByRole('region', { name: 'Sheet 1', exact: true })
  await expect(strip).toContainText(/Alive.*since \d\d:\d\d.*last output.*processes.*%.CPU.*[kM]B/)

  // Six minutes later, as the window's clock goes.
  await page.clock.setSystemTime(Date.now() + 6 * 60_000)
  await expect(strip).toContainText(/No output for 6.min; will be stopped at \d\d:\d\d/)
  await page.getByRole('button', { name: 'Back to jobs' }).click()
  await expect(jobRow(page, 'silent')).toContainText('No output for 6')
})
