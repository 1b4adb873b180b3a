import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../../test/support/place.ts'
import { nextScore } from './next-score.ts'

let place: Place
beforeEach(() => {
  place = makePlace()
})
afterEach(() => place.remove())

describe('the score that follows', () => {
  it('stands beside the one that names it, or is named from a folder above it', () => {
    const scores = join(place.root, 'project', 'scores')
    mkdirSync(scores, { recursive: true })
    const [first, next] = [join(scores, 'first.yaml'), join(scores, 'next.yaml')]
    writeFileSync(next, '')
    expect(nextScore('next.yaml', first)).toBe(next)
    expect(nextScore('scores/next.yaml', first)).toBe(next)
    expect(nextScore('project/scores/next.yaml', first)).toBe(next)
    expect(nextScore(next, first)).toBe(next)
    expect(nextScore('scores/other.yaml', first)).toBeNull()
  })
})
