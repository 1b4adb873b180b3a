import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../test/support/place.ts'
import { DEFAULT_SETTINGS } from './settings.ts'
import { openSettings } from './settings-file.ts'

let place: Place
let file: string
let problems: string[]
const open = () => openSettings(file, (message) => problems.push(message))

beforeEach(() => {
  place = makePlace()
  file = join(place.root, 'settings.json')
  problems = []
})
afterEach(() => place.remove())

describe('the settings of a data folder', () => {
  it('are the defaults until somebody changes one, and leave no file before', () => {
    expect(open().current()).toEqual(DEFAULT_SETTINGS)
    expect(existsSync(file)).toBe(false)
  })

  it('are kept for the next Fermata', () => {
    open().change({ onReturn: 'ask' })
    expect(open().current()).toEqual({ ...DEFAULT_SETTINGS, onReturn: 'ask' })
  })

  it('refuse what is not possible and name it; what held before holds on', () => {
    const settings = open()
    settings.change({ keepLogsDays: 7 })
    expect(() => settings.change({ keepLogsDays: -1, afterLos: 'ask' })).toThrow(/keepLogsDays.*afterLos/s)
    expect(settings.current().keepLogsDays).toBe(7)
    expect(open().current().keepLogsDays).toBe(7)
  })

  it.each(['{ nonsense', '[1, 2'])('ask before anything goes on, say so and leave the file alone when it says %s', (text) => {
    writeFileSync(file, text)
    expect(open().current()).toEqual({ ...DEFAULT_SETTINGS, onReturn: 'ask' })
    expect(problems.join()).toContain(file)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('keep what is possible of a file with something else in it, and the file itself when they are changed', () => {
    const text = '\uFEFF{"onReturn": "ask", "keepLogsDays": "many", "futureKey": 1}'
    writeFileSync(file, text)
    const settings = open()
    expect(settings.current()).toEqual({ ...DEFAULT_SETTINGS, onReturn: 'ask' })
    expect(problems.join()).toMatch(/keepLogsDays.*futureKey/s)
    settings.change({ keepLogsMb: 5 })
    expect(readFileSync(`${file}.faulty`, 'utf8')).toBe(text)
    expect(open().current()).toEqual({ ...DEFAULT_SETTINGS, onReturn: 'ask', keepLogsMb: 5 })
  })
})
