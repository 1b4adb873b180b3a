import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
let copy: string

/** A copy of the project's sources to break, with its own configuration and the real packages. */
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'fermata-borders-'))
  for (const part of ['main', 'preload', 'renderer', 'test', '.dependency-cruiser.cjs', 'package.json'])
    cpSync(join(root, part), join(copy, part), { recursive: true })
  for (const config of ['tsconfig.base.json', 'tsconfig.json']) cpSync(join(root, config), join(copy, config))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
})
afterEach(() => rmSync(copy, { recursive: true, force: true }))

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(copy, path)), { recursive: true })
  writeFileSync(join(copy, path), text)
}

function run(tool: string, ...args: string[]): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'node_modules', tool), ...args], { cwd: copy }, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code ?? 1) : 0, output: stdout + stderr })
    })
  })
}
const cruise = () =>
  run('dependency-cruiser/bin/dependency-cruiser.mjs', '--config', '.dependency-cruiser.cjs', 'main', 'preload', 'renderer')

describe('the borders between the rooms', () => {
  it('are respected as the project stands', async () => {
    expect(await cruise()).toMatchObject({ status: 0 })
  })

  it('are watched: each one broken on purpose fails the check by its name', async () => {
    const broken: [rule: string, path: string, text: string][] = [
      ['engine-is-alone', 'main/engine/running/broken-a.ts', "import { app } from 'electron'\nexport const x = app"],
      ['engine-is-alone', 'main/engine/running/broken-b.ts', "export type { Calls } from '../../../preload/contract.ts'"],
      ['engine-by-its-index', 'main/desktop/broken-c.ts', "export { decide } from '../engine/scheduling/decide.ts'"],
      ['engine-by-its-index', 'main/cli/broken-d.ts', "export { decide } from '../engine/scheduling/decide.ts'"],
      ['pure-core', 'main/engine/scheduling/broken-e.ts', "export { readFileSync } from 'node:fs'"],
      ['pure-core', 'main/engine/score/broken-f.ts', "export { systemClock } from '../running/clock.ts'"],
      ['cli-and-desktop-apart', 'main/cli/broken-g.ts', "export { app } from 'electron'"],
      ['desktop-not-cli', 'main/desktop/broken-h.ts', "export { run } from '../cli/run.ts'"],
      ['renderer-no-main', 'renderer/broken-i.ts', "export type { Engine } from '../main/engine/index.ts'"],
      ['renderer-no-node', 'renderer/broken-j.ts', "export { join } from 'node:path'"],
      ['renderer-knows-the-contract-only', 'renderer/broken-k.ts', "export * from '../preload/index.ts'"],
      ['preload-is-alone', 'preload/broken-l.ts', "export type { Engine } from '../main/engine/index.ts'"],
      ['index-is-nobodys', 'main/desktop/broken-m.ts', "import '../index.ts'"],
      ['no-test-code-in-the-product', 'main/cli/broken-n.ts', "export { until } from '../../test/support/wait.ts'"],
      ['no-cycles', 'main/cli/broken-o.ts', "import './broken-p.ts'"],
    ]
    for (const [, path, text] of broken) write(path, `${text}\n`)
    write('main/cli/broken-p.ts', "import './broken-o.ts'\n")
    const { status, output } = await cruise()
    expect(status).not.toBe(0)
    const lines = output.split('\n')
    const unnoticed = broken.filter(([rule, path]) => !lines.some((line) => line.includes(`error ${rule}: ${path}`)))
    expect(unnoticed).toEqual([])
  })
})

describe('the types of a room', () => {
  it.each([
    [
      'the engine knows no window',
      'main/engine/running/broken.ts',
      'export const title = document.title',
      'main/engine/tsconfig.json',
      'document',
    ],
    [
      'the pure core knows no process',
      'main/engine/scheduling/broken.ts',
      'export const pid = process.pid',
      'main/engine/tsconfig.pure.json',
      'process',
    ],
    ['the window knows no Node', 'renderer/broken.ts', 'export const pid = process.pid', 'renderer/tsconfig.json', 'process'],
  ])('%s', async (_, path, text, project, name) => {
    write(path, `${text}\n`)
    const { status, output } = await run('typescript/bin/tsc', '-p', project)
    expect(status).not.toBe(0)
    expect(output).toMatch(new RegExp(`broken\\.ts.*'${name}'`))
  })
})
