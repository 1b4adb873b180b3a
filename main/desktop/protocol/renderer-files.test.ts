import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { entryUrl, isOurs, mediaType, rendererFile } from './renderer-files.ts'

const root = resolve('/opt/fermata/renderer')

describe('an address of the window', () => {
  it('means a file of the renderer', () => {
    expect(rendererFile(root, entryUrl)).toBe(resolve(root, 'index.html'))
    expect(rendererFile(root, 'app://fermata/')).toBe(resolve(root, 'index.html'))
    expect(rendererFile(root, 'app://fermata/assets/index-1a.js?x#y')).toBe(resolve(root, 'assets/index-1a.js'))
    expect(rendererFile(root, 'app://fermata/a%20b.css')).toBe(resolve(root, 'a b.css'))
  })

  it.each([
    'app://fermata/../main/index.js',
    'app://fermata/%2e%2e/main/index.js',
    'app://fermata/..%2fmain/index.js',
    'app://fermata/assets/..%2f..%2f..%2f..%2fetc/passwd',
    'app://fermata/..%5cmain',
    'app://fermata/%00',
    'app://fermata/%E0%A4%A',
    'app://fermata/..',
    'app://other/index.html',
    'app://fermata:1/index.html',
    'file:///etc/passwd',
    'not an address',
  ])('never leaves the folder: %s', (url) => {
    const file = rendererFile(root, url)
    expect(file === null || file.startsWith(root)).toBe(true)
    if (url.includes('%2f') || url.includes('other') || url.includes('%00')) expect(file).toBeNull()
  })

  it('never means a sibling folder whose name begins alike', () => {
    expect(rendererFile(root, 'app://fermata/..%2frenderer-old/index.html')).toBeNull()
  })

  it('is ours only with our scheme and host', () => {
    expect(isOurs('app://fermata/assets/a.js')).toBe(true)
    for (const url of ['app://fermata.evil/', 'https://fermata/', 'data:text/html,hi', 'about:blank', '']) {
      expect(isOurs(url)).toBe(false)
    }
  })

  it('has a media type that runs scripts only when it is a script', () => {
    expect(mediaType('/a/index.js')).toBe('text/javascript; charset=utf-8')
    expect(mediaType('/a/x.exe')).toBe('application/octet-stream')
  })
})
