import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchFermata, startUndriven } from '../support/fermata.ts'
import { makePlace } from '../support/place.ts'
import { familyOf } from '../support/processes.ts'
import { until } from '../support/wait.ts'
import { expect, expectStatus, job, openScore, test } from './story.ts'

test('a damaged database is named and left alone, and no window opens on it', async ({ place }) => {
  mkdirSync(place.dataDir)
  const file = join(place.dataDir, 'fermata.db')
  const damaged = 'this was a database once\n'.repeat(200)
  writeFileSync(file, damaged)

  const start = startUndriven({ dataDir: place.dataDir, home: place.root })
  try {
    await until('the reason and the remedy', () => /damaged.*backup/s.test(start.output()))
    expect(start.output()).toContain(file)
    const commands = familyOf(start.pid).map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    expect(commands.filter((command) => command.includes('--type=renderer'))).toEqual([])
  } finally {
    await start.kill()
  }
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
