import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkInstrument } from '../../../main/engine/instruments/check.ts'
import { instrumentProfile } from '../../../main/engine/instruments/profile.ts'
import { bundled } from '../../support/claude-output.ts'
import { fakeClis, fakePath } from '../../support/fake-clis.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fermata-check-'))
})
afterEach(() => rm(folder, { recursive: true }))

const check = (name: string, more: Record<string, string> = {}) => checkInstrument(bundled.get(name), { PATH: fakePath, ...more })

/** An instrument whose program is this script. */
async function scripted(script: string, checks: object = {}) {
  await writeFile(join(folder, 'agent'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return instrumentProfile.parse({ name: 'agent', check: checks, cli: { command: { executable: 'agent' } } })
}

describe('the check of an instrument', () => {
  it.each([
    ['claude-code', 'claude', '2.1.140 (Claude Code)', true],
    ['codex-cli', 'codex', 'codex-cli 0.154.0', true],
    ['gemini-cli', 'gemini', '0.65.0', null],
    ['opencode', 'opencode', '1.18.3', true],
    ['goose', 'goose', '1.50.0', null],
    ['cline-cli', 'cline', '3.8.1', null],
    ['aider', 'aider', 'aider 0.86.1', null],
    ['crush', 'crush', 'crush version v0.61.0', null],
  ])('finds %s, its version, and its login where that can be asked', async (name, program, version, loggedIn) => {
    expect(await check(name)).toEqual({ installed: true, path: join(fakeClis, program), version, loggedIn })
  })

  it('says who is not logged in, and claims nothing of who may have a key elsewhere', async () => {
    const loggedOut = { FAKE_PLAYS: 'auth' }
    expect(await check('claude-code', loggedOut)).toMatchObject({ loggedIn: false })
    expect(await check('codex-cli', loggedOut)).toMatchObject({ loggedIn: false })
    expect(await check('opencode', loggedOut)).toMatchObject({ loggedIn: null })
  })

  it('finds the instruments that need nothing', async () => {
    expect(await check('cli')).toMatchObject({ installed: true, version: expect.stringMatching(/bash.*\d/i) })
    expect(await check('rehearsal')).toEqual({ installed: true, path: '/bin/sh', version: null, loggedIn: null })
  })

  it('says what is missing and what to do', async () => {
    expect(await checkInstrument(bundled.get('claude-code'), { PATH: folder })).toEqual({
      installed: false,
      message: 'The program "claude" is not installed, or not on the PATH.',
      remedy: expect.stringContaining('Install it'),
    })
  })

  it('does not believe a version a program failed to print', async () => {
    const profile = await scripted('echo "error 42" >&2; exit 1')
    expect(await checkInstrument(profile, { PATH: folder })).toMatchObject({ installed: true, version: null })
  })

  it('survives a program that cannot be started', async () => {
    const profile = await scripted('')
    await writeFile(join(folder, 'agent'), '#!/no/such/interpreter\n')
    expect(await checkInstrument(profile, { PATH: folder })).toMatchObject({ installed: true, version: null, loggedIn: null })
  })

  it('gives a program that never answers five seconds, and leaves nothing of it behind', { timeout: 20_000 }, async () => {
    const profile = await scripted(`echo $$ >${join(folder, 'pid')}; sleep 3600 & sleep 3600`, { login_args: ['whoami'] })
    const before = performance.now()
    expect(await checkInstrument(profile, { PATH: `${folder}:${fakePath}` })).toMatchObject({ version: null, loggedIn: null })
    expect(performance.now() - before).toBeLessThan(9000)
  })
})
