import { describe, expect, it } from 'vitest'
import { resolveScorePath } from './paths.ts'

const posix = { directory: '/scores/a', home: '/home/ada' }
const windows = { directory: 'C:\\scores\\a', home: 'C:\\Users\\ada' }
const share = { directory: '\\\\host\\share\\scores', home: 'C:\\Users\\ada' }

describe('resolveScorePath', () => {
  it.each([
    ['./workspace', '/scores/a/workspace'],
    ['../b//c/.', '/scores/b/c'],
    ['/abs/./x/../y', '/abs/y'],
    ['../../../..', '/'],
    ['~', '/home/ada'],
    ['~/w', '/home/ada/w'],
    ['~other/w', '/scores/a/~other/w'],
    ['with\\backslash', '/scores/a/with\\backslash'],
  ])('POSIX: %s', (path, resolved) => {
    expect(resolveScorePath(path, posix)).toBe(resolved)
  })
  it.each([
    ['.\\w', 'C:\\scores\\a\\w'],
    ['../w', 'C:\\scores\\w'],
    ['D:/x/y', 'D:\\x\\y'],
    ['\\x', 'C:\\x'],
    ['~/w', 'C:\\Users\\ada\\w'],
    ['..\\..\\..', 'C:\\'],
    ['\\\\server\\share\\x\\..\\y', '\\\\server\\share\\y'],
  ])('Windows: %s', (path, resolved) => {
    expect(resolveScorePath(path, windows)).toBe(resolved)
  })
  it('Windows share: stays on it', () => {
    expect(resolveScorePath('..\\..\\w', share)).toBe('\\\\host\\share\\w')
  })
})
