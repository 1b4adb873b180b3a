import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../test/support/place.ts'
import { openSecrets, type Safe, type SecretStore } from './secret-store.ts'

let place: Place
let file: string
let problems: string[]

/** As good as a keychain for a test: what is in the file is not what was entered. */
const safe: Safe = {
  isSafe: async () => true,
  encrypt: async (text) => Buffer.from([...text].reverse().join('')),
  decrypt: async (encrypted) => [...encrypted.toString()].reverse().join(''),
}
const locked: Safe = { ...safe, decrypt: () => Promise.reject(new Error('The keychain is locked.')) }
const open = (keychain = safe) => openSecrets(file, keychain, (message) => problems.push(message))
/** What was begun is done. */
const settled = (secrets: SecretStore) => secrets.remove('nobody')

beforeEach(() => {
  place = makePlace()
  file = join(place.root, 'secrets.json')
  problems = []
})
afterEach(() => place.remove())

describe('secrets of a data folder', () => {
  it('are there for the next Fermata, for nobody else, and not in clear', async () => {
    await open().set('SLACK', 'hush-hush')
    expect(readFileSync(file, 'utf8')).not.toContain('hush')
    expect(statSync(file).mode & 0o077).toBe(0)
    const secrets = open()
    await settled(secrets)
    expect({ names: secrets.names(), value: secrets.get('SLACK'), all: secrets.values() }).toEqual({
      names: ['SLACK'],
      value: 'hush-hush',
      all: ['hush-hush'],
    })
  })

  it('are changed and removed; a list of them that was given stays as it was', async () => {
    const secrets = open()
    await Promise.all([secrets.set('A', 'one'), secrets.set('B', 'two'), secrets.set('A', 'three')])
    const before = secrets.values()
    expect([...before].sort()).toEqual(['three', 'two'])
    await secrets.remove('A')
    expect({ before: before.length, now: secrets.values(), gone: secrets.get('A') }).toEqual({
      before: 2,
      now: ['two'],
      gone: null,
    })
    await secrets.remove('B')
    expect(existsSync(file)).toBe(false)
  })

  it('are not kept where there is no keychain', async () => {
    const secrets = open({ ...safe, isSafe: async () => false })
    await expect(secrets.set('SLACK', 'hush-hush')).rejects.toMatchObject({ code: 'SECRETS_UNSAFE' })
    expect({ there: existsSync(file), value: secrets.get('SLACK') }).toEqual({ there: false, value: null })
  })

  it('that cannot be read are told, and stay for the day on which they can', async () => {
    await open().set('OLD', 'hush-hush')
    const secrets = open(locked)
    await secrets.set('NEW', 'here')
    expect(problems).toEqual([expect.stringContaining('"OLD" cannot be read from the keychain')])
    expect({ names: secrets.names(), old: secrets.get('OLD') }).toEqual({ names: ['NEW', 'OLD'], old: null })
    const unlocked = open()
    await settled(unlocked)
    expect(unlocked.get('OLD')).toBe('hush-hush')
  })

  it('in a file that is none are told', () => {
    writeFileSync(file, '{ nonsense')
    expect(open().names()).toEqual([])
    expect(problems.join()).toContain(file)
  })
})
