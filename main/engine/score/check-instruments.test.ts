import { describe, expect, it } from 'vitest'
import { checkInstruments } from './check-instruments.ts'
import { parseScore } from './parse.ts'

const text = `name: demo
instrument: clu
instrument_fallbacks: [fast, gpt]
instruments:
  fast: { profile: cli }
  loop: { profile: loop }
movements: { 1: { instrument: fast, instrument_fallbacks: [nobody] } }
sheet:
  size: 1
  total_items: 3
  per_sheet_instruments: { 2: fst }
  per_sheet_fallbacks: { 2: [aider] }
  instrument_map: { ghost: [3] }
prompt: { template: x }
`

describe('checkInstruments', () => {
  it('finds every name that nothing answers to, with its place and the nearest name', () => {
    const { draft } = parseScore(text, { file: '/a.yaml', directory: '/', home: '/h' })
    if (!draft) throw new Error('the score was refused')
    const found = checkInstruments(draft, ['cli', 'aider'], text)
    expect(found.map(({ code, line, column, message, remedy }) => `${line}:${column} ${code} ${message} ${remedy}`)).toEqual([
      '2:13 V210 `instrument`: there is no instrument `clu`. Did you mean `cli`?',
      '3:30 V211 `instrument_fallbacks[1]`: there is no instrument `gpt`. Use one of `cli` and `aider`.',
      '6:20 V210 `instruments.loop.profile`: there is no instrument `loop`. Use one of `cli` and `aider`.',
      '7:60 V211 `movements.1.instrument_fallbacks[0]`: there is no instrument `nobody`. Use one of `cli` and `aider`.',
      '11:31 V210 `sheet.per_sheet_instruments.2`: there is no instrument `fst`. Did you mean `fast`?',
      '13:21 V210 `sheet.instrument_map.ghost`: there is no instrument `ghost`. Use one of `cli` and `aider`.',
    ])
  })
})
