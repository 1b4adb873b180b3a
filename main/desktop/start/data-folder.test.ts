import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeDataFolder } from './data-folder.ts'

describe('the data folder', () => {
  let place: string
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'fermata-'))
  })
  afterEach(() => rmSync(place, { recursive: true }))

  it('is made, with those above it, and may be there already', () => {
    makeDataFolder(join(place, 'a/b'))
    makeDataFolder(join(place, 'a/b'))
    expect(statSync(join(place, 'a/b')).isDirectory()).toBe(true)
  })

  it('is refused in words where it cannot be', () => {
    writeFileSync(join(place, 'file'), '')
    expect(() => makeDataFolder(join(place, 'file'))).toThrow(/cannot be created/)
  })
})
