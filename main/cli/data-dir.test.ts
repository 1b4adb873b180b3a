import { describe, expect, it } from 'vitest'
import { defaultDataDir } from './data-dir.ts'

describe('the default data folder', () => {
  it.each([
    ['linux', {}, '/home/ada', '/home/ada/.config/Fermata'],
    ['linux', { XDG_CONFIG_HOME: '/cfg' }, '/home/ada', '/cfg/Fermata'],
    ['linux', { XDG_CONFIG_HOME: '' }, '/home/ada', '/home/ada/.config/Fermata'],
    ['darwin', { XDG_CONFIG_HOME: '/cfg' }, '/Users/ada', '/Users/ada/Library/Application Support/Fermata'],
    ['win32', { APPDATA: 'C:\\Users\\ada\\Roam' }, 'C:\\Users\\ada', 'C:\\Users\\ada\\Roam\\Fermata'],
    ['win32', {}, 'C:\\Users\\ada', 'C:\\Users\\ada\\AppData\\Roaming\\Fermata'],
  ] as const)('is on %s with %j and home %s: %s', (platform, environment, home, expected) => {
    expect(defaultDataDir(platform, environment, home)).toBe(expected)
  })
})
