import { spawn } from 'node:child_process'
import { chmodSync, chownSync, constants, copyFileSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { electronBinary, projectRoot } from '../support/fermata.ts'
import { familyOf, killAll } from '../support/processes.ts'
import { until } from '../support/wait.ts'
import { expect, test } from './story.ts'

/** `nobody` on every Linux. */
const NOBODY = 65_534
const isRoot = process.getuid?.() === 0

/** Whether a person without rights may read the project: not when it lies in root's home. */
function isOpenToAll(folder: string): boolean {
  const open = (statSync(folder).mode & constants.S_IXOTH) !== 0
  return open && (dirname(folder) === folder || isOpenToAll(dirname(folder)))
}

test("an ordinary user's window runs in Chromium's sandbox", async ({ place }) => {
  test.skip(isRoot && !isOpenToAll(projectRoot), 'root runs this test as nobody, who cannot read the project')
  const home = join(place.root, 'nobody')
  mkdirSync(home)
  chmodSync(place.root, 0o755)
  const environment: NodeJS.ProcessEnv = { ...process.env, HOME: home, XDG_CONFIG_HOME: home }
  let asNobody: string[] = []
  if (isRoot) {
    // Chromium's sandbox helper has to belong to root and be setuid; that of an npm package is not.
    const helper = join(place.root, 'chrome-sandbox')
    copyFileSync(join(dirname(electronBinary()), 'chrome-sandbox'), helper)
    chmodSync(helper, 0o4755)
    chownSync(home, NOBODY, NOBODY)
    environment.CHROME_DEVEL_SANDBOX = helper
    // Neither root's display nor its session bus is open to nobody.
    asNobody = [
      'setpriv',
      '--reuid',
      `${NOBODY}`,
      '--regid',
      `${NOBODY}`,
      '--clear-groups',
      'xvfb-run',
      '-a',
      'dbus-run-session',
      '--',
    ]
  }
  const [program = '', ...args] = [...asNobody, electronBinary(), projectRoot, '--data-dir', join(home, 'data')]
  const output: string[] = []
  const app = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  app.stdout.on('data', (chunk) => output.push(String(chunk)))
  app.stderr.on('data', (chunk) => output.push(String(chunk)))
  const pid = app.pid ?? 0
  try {
    const renderer = await until('a renderer process', () =>
      familyOf(pid).find((member) => readFileSync(`/proc/${member}/cmdline`, 'utf8').includes('--type=renderer')),
    ).catch((error) => {
      throw new Error(`${error}\n${output.join('')}`)
    })
    // 2: system calls are filtered; 1: no process it starts can gain rights.
    await until('system calls filtered', () => /^Seccomp:\t2$/m.test(readFileSync(`/proc/${renderer}/status`, 'utf8')))
    expect(readFileSync(`/proc/${renderer}/status`, 'utf8')).toMatch(/^NoNewPrivs:\t1$/m)
  } finally {
    killAll(familyOf(pid).reverse())
  }
})
