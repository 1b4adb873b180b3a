import { isOurs } from '../protocol/renderer-files.ts'
import { parseUrl } from '../shared/url.ts'

/**
 * Whether a page of ours may ask for the address: its own files and the data URLs of images.
 *
 * @param devServer origin of the development server, or null in a built app
 */
export function isAllowedRequest(url: string, devServer: string | null): boolean {
  if (isOurs(url) || url.startsWith('data:image/') || url.startsWith('devtools:')) return true
  if (devServer === null) return false
  // Hot reload talks to the same host by WebSocket.
  return parseUrl(url.replace(/^ws/, 'http'))?.origin === devServer
}
