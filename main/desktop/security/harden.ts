import { app, type Session } from 'electron'
import { parseUrl } from '../shared/url.ts'
import { isAllowedRequest } from './allowed.ts'

/** Writing to the clipboard, which Chromium lets a page do after a click only. */
const COPYING = 'clipboard-sanitized-write'

/**
 * Takes from every page what Fermata's own does not need: other addresses, new windows, embedded pages, permissions.
 *
 * @param devServer origin of the development server, or null in a built app
 */
export function harden(session: Session, devServer: string | null): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === COPYING))
  session.setPermissionCheckHandler((_contents, permission) => permission === COPYING)
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isAllowedRequest(url, devServer) }))

  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.on('will-redirect', (event) => event.preventDefault())
    // The development server reloads its page by navigating to it.
    contents.on('will-navigate', (event) => {
      if (devServer === null || parseUrl(event.url)?.origin !== devServer) event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame) event.preventDefault()
    })
  })
}
