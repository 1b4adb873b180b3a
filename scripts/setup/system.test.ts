import { describe, expect, it } from 'vitest'
import { missingOf, namesFor } from './system.mjs'

describe('system packages', () => {
  it('are missing if no alternative is installed', () => {
    expect(missingOf(['newgtk|gtk', 'nss', 'xvfb'], new Set(['gtk', 'nss']))).toEqual(['xvfb'])
  })

  it('are not asked for where there is no dpkg', () => {
    expect(missingOf(['nss'], undefined)).toEqual([])
  })

  it('go by the name that this release of the system knows', () => {
    expect(namesFor(['newgtk|gtk', 'nss'], new Set(['gtk', 'newgtk', 'nss']))).toEqual(['newgtk', 'nss'])
    expect(namesFor(['newgtk|gtk', 'nss'], new Set(['gtk', 'nss']))).toEqual(['gtk', 'nss'])
    expect(namesFor(['newgtk|gtk', 'nss'], new Set())).toEqual(['gtk', 'nss'])
  })
})
