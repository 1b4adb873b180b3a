import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { anInstrument } from '../../../test/support/fake-bridge.ts'
import { groupInstruments, loginCommand } from './standing.ts'

const NOW = 1_000_000
const LIMIT = { model: null, until: NOW + 1, mode: 'at_reset', since: 0, message: 'limit' } as const
const bundled = join(import.meta.dirname, '../../../assets/instruments')

describe('the groups of instruments', () => {
  it('put first what needs its user, then what waits, and last what is not there', () => {
    const groups = groupInstruments(
      [
        anInstrument({ name: 'ready' }),
        { ...anInstrument({ name: 'missing' }), installed: false, message: 'not found', remedy: null },
        { ...anInstrument({ name: 'unknown' }), installed: null },
        anInstrument({ name: 'limited', limits: [LIMIT] }),
        anInstrument({ name: 'held', limits: [{ ...LIMIT, until: 0, mode: 'never' }] }),
        anInstrument({ name: 'over', limits: [{ ...LIMIT, until: NOW }] }),
        anInstrument({ name: 'resting', restingUntil: NOW + 1 }),
        anInstrument({ name: 'rested', restingUntil: NOW }),
        anInstrument({ name: 'refused', refused: { since: 0, message: 'log in' }, limits: [LIMIT] }),
        anInstrument({ name: 'logged-out', loggedIn: false }),
      ],
      NOW,
    )
    expect(groups.map(({ title, instruments }) => `${title}: ${instruments.map(({ name }) => name).join(' ')}`)).toEqual([
      'Needs a login: refused logged-out',
      'Waiting: limited held resting',
      'Ready: ready over rested',
      'Being checked: unknown',
      'Not installed: missing',
    ])
  })
})

describe('the command for a login', () => {
  it('is found in the descriptions of the bundled instruments that name one', () => {
    const found = readdirSync(bundled).map((file) => {
      const { name, description } = parse(readFileSync(join(bundled, file), 'utf8'))
      return [name, loginCommand(description)]
    })
    expect(Object.fromEntries(found.filter(([, command]) => command !== null))).toEqual({
      'claude-code': 'claude auth login',
      'cline-cli': 'cline auth',
      'codex-cli': 'codex login',
      crush: 'crush login',
      goose: 'goose configure',
      opencode: 'opencode auth login',
    })
  })
})
