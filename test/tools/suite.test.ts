import { describe, expect, it, vi } from 'vitest'
// @ts-expect-error The set-up scripts run without a build and have no types.
import { runSuite } from '../../scripts/setup/suite.mjs'

const node = (script: string) => [process.execPath, '-e', script]
const counts = (passed: number, failed: number) => () => ({ passed, failed })

/** Runs a suite and returns its counts and what was printed. */
async function tried(suite: object, options = {}) {
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    const count = await runSuite({ name: 'suite', ...suite }, options)
    return { ...count, printed: printed.mock.calls.map(([text]) => text).join('') }
  } finally {
    printed.mockRestore()
  }
}

describe('a suite', () => {
  it('without tests counts as one check', async () => {
    expect(await tried({ command: node('') })).toMatchObject({ passed: 1, failed: 0 })
    expect(await tried({ command: node('process.exit(1)') })).toMatchObject({ passed: 0, failed: 1 })
  })

  it('with tests counts them', async () => {
    expect(await tried({ command: node(''), report: counts(3, 0) })).toMatchObject({ passed: 3, failed: 0 })
    expect(await tried({ command: node('process.exit(1)'), report: counts(3, 2) })).toMatchObject({ passed: 3, failed: 2 })
  })

  it('has failed if it broke without a failed test', async () => {
    expect(await tried({ command: node('process.exit(1)'), report: counts(3, 0) })).toMatchObject({ passed: 3, failed: 1 })
    expect(await tried({ command: node('process.kill(process.pid, 9)'), report: counts(3, 0) })).toMatchObject({ failed: 1 })
  })

  it('has failed if it ran no test or left no report', async () => {
    const noReport = () => JSON.parse('')
    expect(await tried({ command: node(''), report: counts(0, 0) })).toMatchObject({ passed: 0, failed: 1 })
    expect(await tried({ command: node(''), report: noReport })).toMatchObject({ passed: 0, failed: 1 })
  })

  it('has failed if it cannot be started', async () => {
    expect(await tried({ command: ['/no/such/program'] })).toMatchObject({ passed: 0, failed: 1 })
  })

  it('has failed if it hangs, and is ended with all that hangs below it', async () => {
    const hang = "setInterval(() => {}, 1000); console.log('it hangs')"
    const command = node(
      `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(hang)}], { stdio: 'inherit' })`,
    )
    const { printed, failed } = await tried({ command }, { limitMs: 3000 })
    expect(failed).toBe(1)
    expect(printed).toContain('no result after')
    // That it returned at all proves the rest: who still lived below would hold its output open.
    expect(printed).toContain('it hangs')
  }, 20_000)

  it('shows what it printed only when it failed', async () => {
    expect((await tried({ command: node('console.log("chatter")') })).printed).not.toContain('chatter')
    expect((await tried({ command: node('console.error("the reason"); process.exit(1)') })).printed).toContain('the reason')
  })
})
