import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inRoot } from './paths.mjs'
import { userEnvironment, userFolder } from './user.mjs'

const own = join(inRoot(), 'bin')
const underNpm = {
  HOME: '/home/ada',
  INIT_CWD: '/home/ada/work',
  NPM_CONFIG_REGISTRY: 'https://example.org',
  PATH: [inRoot('node_modules', '.bin'), join(inRoot(), 'lib', 'node-gyp-bin'), own].join(delimiter),
  npm_config_local_prefix: inRoot(),
  npm_lifecycle_event: 'start',
  npm_package_json: inRoot('package.json'),
}

describe('the environment of the program that is started', () => {
  it('is what the user has, without what npm adds', () => {
    expect(userEnvironment(underNpm)).toEqual({
      HOME: '/home/ada',
      NPM_CONFIG_REGISTRY: 'https://example.org',
      PATH: own,
    })
  })

  it('is left alone when npm did not start us', () => {
    const env = { PATH: underNpm.PATH, npm_config_registry: 'https://example.org' }
    expect(userEnvironment(env)).toEqual(env)
  })

  it('never makes Electron a plain Node', () => {
    expect(userEnvironment({ ELECTRON_RUN_AS_NODE: '1' })).toEqual({})
  })
})

describe('the folder it starts in', () => {
  it('is where the user typed the command', () => {
    expect(userFolder(underNpm)).toBe('/home/ada/work')
  })

  it('is not taken from an npm run of another project', () => {
    expect(userFolder({ ...underNpm, npm_package_json: '/other/package.json' })).toBe(process.cwd())
    expect(userFolder({})).toBe(process.cwd())
  })
})
