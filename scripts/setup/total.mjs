import { endSuitesOnSignal } from './suite.mjs'

/**
 * Ends a run of suites with the one line about all of them, `N passed, N failed`, and with exit status 1
 * if anything failed or nothing ran. A set-up failure in `work`, which gets a list to put the counts into, is a failure too.
 */
export async function endWithTotal(work) {
  endSuitesOnSignal()
  const counts = []
  try {
    await work(counts)
  } catch (error) {
    counts.push({ passed: 0, failed: 1 })
    process.stderr.write(`${error.remedy ? `${error.message}\n→ ${error.remedy}` : error.stack}\n`)
  }
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0)
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`)
  process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0
}
