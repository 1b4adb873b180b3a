import { extname, resolve, sep } from 'node:path'
import { parseUrl } from '../shared/url.ts'

/** Where the window's pages live: `app://fermata/`. */
export const scheme = 'app'
const host = 'fermata'
export const entryUrl = `${scheme}://${host}/index.html`

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** The media type the file is served with; what is not in the list is served as bytes, and thus never run. */
export const mediaType = (file: string): string => TYPES[extname(file)] ?? 'application/octet-stream'

/** Whether the address is one of our pages or files. */
export function isOurs(url: string): boolean {
  const parsed = parseUrl(url)
  return parsed?.protocol === `${scheme}:` && parsed.host === host
}

/** The file below `root` that an address means, or null when it means none: another host, or a way out of the folder. */
export function rendererFile(root: string, url: string): string | null {
  if (!isOurs(url)) return null
  let path: string
  try {
    path = decodeURIComponent(new URL(url).pathname)
  } catch {
    return null
  }
  if (path.includes('\0') || path.includes('\\')) return null
  const file = resolve(root, `.${path === '/' ? '/index.html' : path}`)
  return file.startsWith(resolve(root) + sep) ? file : null
}
