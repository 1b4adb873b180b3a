import { describe, expect, it } from 'vitest'
import { isAllowedRequest } from './allowed.ts'

describe('what a page may ask for', () => {
  it('is its own files and images given as data', () => {
    expect(isAllowedRequest('app://fermata/assets/a.js', null)).toBe(true)
    expect(isAllowedRequest('data:image/png;base64,AA', null)).toBe(true)
  })

  it.each(['https://example.com/', 'http://localhost:5173/', 'file:///etc/passwd', 'data:text/html,x', 'ws://localhost:5173/'])(
    'is never %s',
    (url) => expect(isAllowedRequest(url, null)).toBe(false),
  )

  it('includes the development server during development, and no other', () => {
    const dev = 'http://localhost:5173'
    expect(isAllowedRequest('http://localhost:5173/app/main.tsx', dev)).toBe(true)
    expect(isAllowedRequest('ws://localhost:5173/?token=1', dev)).toBe(true)
    expect(isAllowedRequest('http://localhost:5174/', dev)).toBe(false)
    expect(isAllowedRequest('http://localhost:5173.evil.com/', dev)).toBe(false)
  })
})
