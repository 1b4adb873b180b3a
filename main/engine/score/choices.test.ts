import { describe, expect, it } from 'vitest'
import { aScore } from '../../../test/support/score.ts'
import { instrumentsOf } from './choices.ts'

const resolve = (keys: Parameters<typeof aScore>[0], sheet = 1, movement = sheet) =>
  instrumentsOf(aScore(keys))(sheet, { movement })

const everywhere = {
  sheets: 5,
  instrument: 'of-score',
  movements: { 2: { instrument: 'of-movement' }, 3: { instrument: 'of-movement' }, 4: { instrument: 'of-movement' } },
  sheet: { instrument_map: { mapped: [3, 4] }, per_sheet_instruments: { 4: 'own' } },
}

describe('the instrument of a sheet', () => {
  it.each([
    [1, 'of-score', 'score'],
    [2, 'of-movement', 'movement'],
    [3, 'mapped', 'map'],
    [4, 'own', 'sheet'],
  ])('sheet %i plays on %s', (sheet, instrument, from) => {
    const { choices, nameFrom } = resolve(everywhere, sheet)
    expect(choices[0].instrument).toBe(instrument)
    expect(nameFrom).toBe(from)
  })
  it('is found by the movement that the copy of a sheet belongs to', () => {
    expect(resolve(everywhere, 7, 2).choices[0].instrument).toBe('of-movement')
  })
  it('is what an alias stands for', () => {
    const { choices } = resolve({ instrument: 'fast', instruments: { fast: { profile: 'cli', config: { model: 'm' } } } })
    expect(choices).toEqual([{ instrument: 'cli', config: { model: 'm', timeout_seconds: null } }])
  })
  it('may have the name of something every object has', () => {
    expect(resolve({ instrument: 'constructor' }).choices[0].instrument).toBe('constructor')
  })
})

describe('its configuration', () => {
  const layers = {
    instrument: 'a',
    backend: {
      cli_model: 'backend',
      timeout_seconds: 1,
      timeout_overrides: { 2: 2 },
      sheet_overrides: { 3: { timeout_seconds: 3 } },
    },
    instrument_config: { b: 'score', c: 'score', d: 'score', e: 'score' },
    movements: { 2: { instrument_config: { c: 'movement', d: 'movement', e: 'movement' } } },
    instruments: { a: { profile: 'cli', config: { d: 'alias', e: 'alias' } } },
    sheet: { per_sheet_instrument_config: { 2: { e: 'sheet', model: null } } },
  }
  it('grows from backend over score, movement and alias to the sheet; empty leaves what was there', () => {
    const { choices, settingFrom } = resolve(layers, 2)
    expect(choices[0].config).toEqual({
      model: 'backend',
      timeout_seconds: 2,
      b: 'score',
      c: 'movement',
      d: 'alias',
      e: 'sheet',
    })
    expect(['model', 'b', 'c', 'd', 'e', 'f'].map(settingFrom)).toEqual([
      'backend',
      'score',
      'movement',
      'alias',
      'sheet',
      'default',
    ])
  })
  it('takes a time from the sheet’s override before the general one', () => {
    expect(resolve(layers, 3).choices[0].config.timeout_seconds).toBe(3)
    expect(resolve(layers, 4).choices[0].config.timeout_seconds).toBe(1)
  })
})

describe('its fallbacks', () => {
  const keys = {
    sheets: 4,
    instrument_fallbacks: ['a', 'b'],
    instrument_config: { model: 'm', timeout_seconds: 9 },
    instruments: { b: { profile: 'cli', config: { model: 'small' } } },
    movements: { 2: { instrument_fallbacks: ['c'] }, 3: { instrument_fallbacks: ['c'] } },
    sheet: { per_sheet_fallbacks: { 3: [] } },
  }
  it.each([
    [1, ['rehearsal', 'a', 'cli']],
    [2, ['rehearsal', 'c']],
    [3, ['rehearsal']],
  ])('sheet %i may play on %j', (sheet, names) => {
    expect(resolve(keys, sheet).choices.map(({ instrument }) => instrument)).toEqual(names)
  })
  it('keep the sheet’s time but not its model', () => {
    expect(resolve(keys).choices.map(({ config }) => config)).toEqual([
      { model: 'm', timeout_seconds: 9 },
      { model: null, timeout_seconds: 9 },
      { model: 'small', timeout_seconds: 9 },
    ])
  })
})

describe('leave to act without asking', () => {
  const allowed = (keys: object) =>
    resolve({ instrument: 'a', instrument_fallbacks: ['b'], ...keys }).choices.map(({ config }) => config.auto_approve)
  it('is not spoken of unless the score does', () => {
    expect(allowed({ backend: { skip_permissions: true } })).toEqual([undefined, undefined])
  })
  it.each([
    ['backend', { backend: { skip_permissions: false } }],
    ['backend, in the words of older YAML', { backend: { skip_permissions: 'no' } }],
    ['instrument_config', { instrument_config: { auto_approve: false } }],
    ['the movement', { movements: { 1: { instrument_config: { auto_approve: false } } } }],
    ['the sheet', { sheet: { per_sheet_instrument_config: { 1: { auto_approve: 'off' } } } }],
  ])('is refused by %s to the instrument and its fallbacks', (_, keys) => {
    expect(allowed(keys)).toEqual([false, false])
  })
  it('is an alias’s own matter where it says so', () => {
    const instruments = { a: { profile: 'cli', config: { auto_approve: true } } }
    expect(allowed({ instruments, backend: { skip_permissions: false } })).toEqual([true, false])
  })
})

describe('the place of a setting', () => {
  it.each([
    [0, 'model', 'backend.cli_model'],
    [0, 'auto_approve', 'backend.skip_permissions'],
    [0, 'extra_args', 'backend.cli_extra_args'],
    [0, 'timeout_seconds', 'backend.timeout_overrides.1'],
    [0, 'x', 'movements.1.instrument_config.x'],
    [0, 'y', 'instruments.a.config.y'],
    [1, 'auto_approve', 'backend.skip_permissions'],
    [1, 'model', 'instruments.b.config.model'],
    [1, 'x', ''],
  ])('of choice %i, %s, is %s', (choice, key, path) => {
    const { settingPath } = resolve({
      instrument: 'a',
      instrument_fallbacks: ['b'],
      backend: { cli_model: 'm', skip_permissions: false, cli_extra_args: ['-v'], timeout_overrides: { 1: 3 } },
      instrument_config: { x: 1, y: 1 },
      movements: { 1: { instrument_config: { x: 2 } } },
      instruments: { a: { profile: 'cli', config: { y: 2 } }, b: { profile: 'cli', config: { model: 'n' } } },
    })
    expect(settingPath(choice, key).join('.')).toBe(path)
  })
})
