import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { constants } from 'node:os'
import { inTools, root } from './paths.mjs'
import { toolCommand } from './run.mjs'

/**
 * A suite is `{ name, command, env?, report? }`. Without a report it is one check, passed or failed by
 * its exit status; `report` reads the counts of its tests: `() => ({ passed, failed })`.
 */

/** Whether the suites may print colours: their output passes through us, so they cannot tell themselves. */
export const colours = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR

/** A suite of Vitest projects. */
export function vitestSuite(name, projects, env) {
  const file = reportFile(name)
  return {
    name,
    command: [
      ...toolCommand('vitest'),
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    env,
    report: () => {
      const { numPassedTests, numFailedTests } = read(file)
      return { passed: numPassedTests, failed: numFailedTests }
    },
  }
}

/**
 * On Linux the tests get a display and a session bus of their own: they play the desktop's part on the
 * bus, which must not be the user's.
 */
export function ownDisplay() {
  return process.platform === 'linux' ? ['xvfb-run', '-a', 'dbus-run-session', '--'] : []
}

/** A suite of Playwright, started by `wrapper` (a display, say). */
export function playwrightSuite(name, wrapper, env) {
  const file = reportFile(name)
  return {
    name,
    command: [
      ...wrapper,
      ...toolCommand('@playwright/test', 'playwright'),
      'test',
      '-c',
      'playwright.config.ts',
      '--reporter=list,json',
    ],
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
    report: () => {
      const { expected, flaky, unexpected } = read(file).stats
      return { passed: expected + flaky, failed: unexpected }
    },
  }
}

/**
 * Runs a suite, tells how it went in one line, and returns its `{ passed, failed }`. What it prints is
 * shown as it comes (`live`), or afterwards if it failed. A suite that breaks without a failed test, or
 * ran no test, or does not come to its end within `limitMs`, has failed.
 */
export async function runSuite({ name, command, env, report }, { live = false, limitMs = 15 * 60_000 } = {}) {
  const started = performance.now()
  const { ok, output } = await execute(command, env, live, limitMs)
  const count = ok || report ? counted(report, ok) : { passed: 0, failed: 1 }
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const tests = report ? `  ${count.passed} passed, ${count.failed} failed` : ''
  process.stdout.write(`${count.failed ? 'failed' : 'ok    '}  ${name.padEnd(12)} ${seconds.padStart(6)} s${tests}\n`)
  if (count.failed && output) process.stdout.write(`${output.trimEnd().replace(/^/gm, '  │ ')}\n`)
  return count
}

function counted(report, ok) {
  if (!report) return { passed: 1, failed: 0 }
  try {
    const { passed, failed } = report()
    return failed === 0 && (!ok || passed === 0) ? { passed, failed: 1 } : { passed, failed }
  } catch {
    return { passed: 0, failed: 1 }
  }
}

function execute([command, ...args], env, live, limitMs) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...(live ? {} : colours ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }), ...env },
    stdio: live ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    // In a group of its own, so that what hangs below it can be ended with it.
    detached: process.platform !== 'win32',
  })
  running.add(child)
  const chunks = []
  child.stdout?.on('data', (chunk) => chunks.push(chunk))
  child.stderr?.on('data', (chunk) => chunks.push(chunk))
  const limit = setTimeout(() => {
    chunks.push(Buffer.from(`\nended: no result after ${limitMs / 60_000} minutes\n`))
    end(child)
  }, limitMs)
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ ok: false, output: error.message }))
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }))
  }).finally(() => {
    clearTimeout(limit)
    running.delete(child)
  })
}

const running = new Set()

function end(child) {
  if (process.platform === 'win32') child.kill()
  else if (child.pid) process.kill(-child.pid, 'SIGKILL')
}

/** A Ctrl-C reaches only us, since the suites are groups of their own. */
export function endSuitesOnSignal() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      running.forEach(end)
      process.exit(128 + constants.signals[signal])
    })
  }
}

function reportFile(name) {
  mkdirSync(inTools('reports'), { recursive: true })
  const file = inTools('reports', `${name}.json`)
  rmSync(file, { force: true })
  return file
}

const read = (file) => JSON.parse(readFileSync(file, 'utf8'))
