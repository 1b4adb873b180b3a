import { rmSync } from 'node:fs'
import { hashOf } from './hash.mjs'
import { inRoot, root } from './paths.mjs'
import { run, tail, toolCommand } from './run.mjs'
import { SetupError, say } from './say.mjs'
import { unlessStamped } from './stamp.mjs'

const sources = [
  'main',
  'preload',
  'renderer',
  'assets',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
]

const stamp = inRoot('out', '.stamp')

/** Builds the app into `out/`, unless that was made from the same sources. */
export function ensureBuild() {
  return unlessStamped(stamp, hashOf(sources, isTest), () => {
    say('building')
    const [command, ...args] = toolCommand('electron-vite')
    const result = run(command, [...args, 'build'], { cwd: root })
    if (!result.ok) throw new SetupError(`the build failed:\n${tail(result.stderr || result.stdout, 40)}`)
  })
}

/** To be called before something else writes into `out/`. */
export function forgetBuild() {
  rmSync(stamp, { force: true })
}

const isTest = (file) => /\.test\.tsx?$/.test(file)
