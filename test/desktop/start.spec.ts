import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchFermata } from '../support/fermata.ts'
import { makePlace } from '../support/place.ts'
import { until } from '../support/wait.ts'
import { expect, expectStatus, job, openScore, test } from './story.ts'

test('a damaged database is named and left alone, and no window opens on it', async ({ place, start }) => {
  mkdirSync(place.dataDir)
  const file = join(place.dataDir, 'fermata.db')
  const damaged = 'this was a database once\n'.repeat(200)
  writeFileSync(file, damaged)

  const fermata = await start()
  await until('the reason', () => fermata.output().includes(file))
  expect(fermata.electron.windows()).toEqual([])
  expect(readFileSync(file, 'utf8')).toBe(damaged)
})

test('a Fermata with another data folder is another Fermata', async ({ place, start }) => {
  const fermata = await start()
  await openScore(fermata, place.score({ name: 'here', sheets: 1, instrument: 'cli', prompt: ['true'] }))
  await expectStatus(await fermata.window(), 'here', 'completed')

  const elsewhere = makePlace()
  const other = await launchFermata({ dataDir: elsewhere.dataDir, home: elsewhere.root })
  try {
    await expect((await other.window()).getByRole('button', { name: 'Run the demo' })).toBeVisible()
  } finally {
    await other.kill()
    elsewhere.remove()
  }
  expect((await job(await fermata.window(), 'here')).status).toBe('completed')
})
