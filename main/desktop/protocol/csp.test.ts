import { describe, expect, it } from 'vitest'
import { contentSecurityPolicy } from './csp.ts'

const directives = new Map(
  contentSecurityPolicy.split('; ').map((directive) => {
    const [name = '', ...sources] = directive.split(' ')
    return [name, sources] as const
  }),
)

describe('the content security policy', () => {
  it('forbids everything it does not name', () => {
    expect(directives.get('default-src')).toEqual(["'none'"])
    // These three do not fall back to default-src.
    expect(directives.get('base-uri')).toEqual(["'none'"])
    expect(directives.get('form-action')).toEqual(["'none'"])
    expect(directives.get('frame-src')).toEqual(["'none'"])
  })

  it('lets in own files only: no inline code, no eval, no other host', () => {
    expect(directives.get('script-src')).toEqual(["'self'"])
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:|blob:/)
  })
})
