import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../test/support/place.ts'
import { openPrices } from './prices.ts'

let place: Place
let own: string
let bundled: string
let problems: string[]
const open = () => openPrices(bundled, own, (message) => problems.push(message))

beforeEach(() => {
  place = makePlace()
  own = join(place.root, 'prices.json')
  bundled = join(place.root, 'bundled.json')
  writeFileSync(
    bundled,
    JSON.stringify({ date: '2026-01-02', note: 'n', models: { a: { input: 1, output: 2 }, b: { input: 3, output: 4 } } }),
  )
  problems = []
})
afterEach(() => place.remove())

describe('the prices of a data folder', () => {
  it('are the bundled ones until somebody sets one, and leave no file before', () => {
    const prices = open()
    expect(prices.table()).toMatchObject({ date: '2026-01-02', own: [], problems: [], models: { a: { input: 1, output: 2 } } })
    expect(prices.find('b')).toEqual({ input: 3, output: 4 })
    expect(existsSync(own)).toBe(false)
  })

  it('have the user’s own laid over them, kept for the next Fermata, and taken back when they are', () => {
    open().set('a', { input: 9, output: 9, cacheRead: 0 })
    open().set('mine*', { input: 0, output: 0 })
    const prices = open()
    expect(prices.find('a')).toEqual({ input: 9, output: 9, cacheRead: 0 })
    expect(prices.find('mine-7b')).toEqual({ input: 0, output: 0 })
    expect(prices.table().own).toEqual(['a', 'mine*'])
    expect(prices.set('a', null).own).toEqual(['mine*'])
    expect(prices.find('a')).toEqual({ input: 1, output: 2 })
  })

  it('are read again when the file was changed by hand', () => {
    const prices = open()
    writeFileSync(own, JSON.stringify({ models: { a: { input: 5, output: 5 } } }))
    expect(prices.set('c', { input: 1, output: 1 }).own).toEqual(['a', 'c'])
    expect(prices.find('a')?.input).toBe(5)
  })

  it('say what is wrong in the file and where, use the rest, and keep the file itself when one is set', () => {
    const text =
      '\uFEFF{"models": {"a": {"input": "1", "output": 2}, "b": {"input": 7, "output": 7, "fee": 1}, "c": {"input": 8, "output": 8}}}'
    writeFileSync(own, text)
    const prices = open()
    expect(problems.join()).toContain(`${own}: models."a".input must be a number of 0 or more.`)
    expect(problems.join()).toContain('models."b" has fee, which means nothing there.')
    expect(prices.table().problems).toHaveLength(2)
    expect([prices.find('a')?.input, prices.find('b')?.input, prices.find('c')?.input]).toEqual([1, 3, 8])
    prices.set('d', { input: 1, output: 1 })
    expect(readFileSync(`${own}.faulty`, 'utf8')).toBe(text)
    expect(open().table()).toMatchObject({ own: ['c', 'd'], problems: [] })
  })

  it.each(['{ nonsense', '[1]', '{}', '{"models": []}'])('are the bundled ones when the file says %s', (text) => {
    writeFileSync(own, text)
    expect(open().find('a')?.input).toBe(1)
    expect(problems.join()).toContain(own)
  })

  it.each([
    ['', { input: 1, output: 1 }],
    ['a b', { input: 1, output: 1 }],
    ['a', { input: -1, output: 1 }],
    ['a', { input: Number.NaN, output: 1 }],
  ])('refuse "%s" at %j', (model, price) => {
    expect(() => open().set(model, price)).toThrow(/Not possible/)
    expect(existsSync(own)).toBe(false)
  })
})
