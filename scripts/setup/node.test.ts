import { describe, expect, it } from 'vitest'
import { isRecentEnough } from './node.mjs'
import { nodePackages } from './pins.mjs'

describe('the Node for the tools', () => {
  it.each(['v18.20.4', 'v20.20.2', 'v22.12.0', 'v23.11.0', 'v24.14.1', 'v25.2.0'])('is not %s', (version) => {
    expect(isRecentEnough(version)).toBe(false)
  })

  it.each(['v22.23.2', 'v24.15.0', 'v24.21.0', 'v26.0.0', 'v27.1.0'])('may be %s', (version) => {
    expect(isRecentEnough(version)).toBe(true)
  })

  it('is recent enough wherever one is pinned, or it would be fetched for ever', () => {
    for (const { version } of Object.values(nodePackages)) expect(isRecentEnough(version)).toBe(true)
  })
})
