import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FermataError } from '../../engine/index.ts'
import { startOptions } from './options.ts'

const cwd = resolve('/home/ada')
const app = resolve('/opt/fermata')

describe('the command line of the app', () => {
  it('has a data folder and scores, resolved against the folder it was typed in', () => {
    expect(startOptions(['--data-dir', 'data', 'a.yaml', '/tmp/b.yaml'], cwd, app)).toEqual({
      dataDir: resolve('/home/ada/data'),
      scorePaths: [resolve('/home/ada/a.yaml'), resolve('/tmp/b.yaml')],
    })
    expect(startOptions(['--data-dir=data'], cwd, app).dataDir).toBe(resolve('/home/ada/data'))
  })

  it('may be empty', () => {
    expect(startOptions([], cwd, app)).toEqual({ dataDir: null, scorePaths: [] })
  })

  it('leaves the flags of Chromium and the app folder of a development start alone', () => {
    expect(startOptions(['--inspect=0', '--no-sandbox', '/opt/fermata', 'a.yaml'], cwd, app).scorePaths).toEqual([
      resolve('/home/ada/a.yaml'),
    ])
    expect(startOptions(['.'], app, app).scorePaths).toEqual([])
  })

  it.each([[['--data-dir']], [['--data-dir=']], [['--data-dir', '--no-sandbox']]])(
    'is refused when %j names no folder',
    (args) => {
      expect(() => startOptions(args, cwd, app)).toThrow(FermataError)
    },
  )
})
