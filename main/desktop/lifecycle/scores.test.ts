import { describe, expect, it } from 'vitest'
import { type HandedOver, scoresOf } from './scores.ts'

describe('what a second start hands over', () => {
  it('is its scores', () => {
    const message: HandedOver = { scorePaths: ['/a.yaml', '/b.yaml'] }
    expect(scoresOf(message)).toEqual(['/a.yaml', '/b.yaml'])
  })

  it.each([[null], [undefined], [{}], [{ scorePaths: '/a.yaml' }], [{ scorePaths: [1] }], [{ scorePaths: [''] }]])(
    'is nothing when it cannot be understood: %j',
    (data) => expect(scoresOf(data)).toEqual([]),
  )
})
