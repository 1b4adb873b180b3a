import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

  it('are what somebody writes by hand while Fermata runs, and a change keeps it', () => {
    const settings = open()
    settings.change({ keepLogsMb: 5 })
    writeFileSync(file, JSON.stringify({ ...settings.current(), keepLogsDays: 7, onReturn: 'ask' }))
    expect(settings.current()).toEqual({ ...DEFAULT_SETTINGS, keepLogsMb: 5, keepLogsDays: 7, onReturn: 'ask' })
    settings.change({ keepLogsMb: 6 })
    expect(open().current()).toEqual({ ...DEFAULT_SETTINGS, keepLogsMb: 6, keepLogsDays: 7, onReturn: 'ask' })
    expect(problems).toEqual([])
    expect(existsSync(`${file}.faulty`)).toBe(false)
  })

  it('hold on when the file is spoilt or gone while Fermata runs; the spoilt one is kept, and both are told once', () => {
    const settings = open()
    settings.change({ keepLogsDays: 7 })
    writeFileSync(file, '{ nonsense')
    for (let look = 0; look < 3; look++) expect(settings.current().keepLogsDays).toBe(7)
    expect(problems).toEqual([expect.stringMatching(/cannot be read.*what held before holds/)])
    settings.change({ keepLogsMb: 5 })
    expect(readFileSync(`${file}.faulty`, 'utf8')).toBe('{ nonsense')
    expect(problems[1]).toContain(`${file}.faulty`)
    expect(open().current()).toEqual({ ...DEFAULT_SETTINGS, keepLogsDays: 7, keepLogsMb: 5 })
    rmSync(file)
    expect(settings.current().keepLogsDays).toBe(7)
    expect(problems).toHaveLength(2)
  })

  it('keep a limit that a hand has spoilt: what cannot be read is not no limit', () => {
    const settings = open()
    settings.change({ dayUsd: 5 })
    writeFileSync(file, JSON.stringify({ dayUsd: 'abc', keepLogsDays: 7 }))
    expect(settings.current()).toMatchObject({ dayUsd: 5, keepLogsDays: 7 })
    expect(open().current()).toMatchObject({ dayUsd: 0, onReturn: 'ask' })
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
