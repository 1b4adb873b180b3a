import { readFile } from 'node:fs/promises'
import { protocol } from 'electron'
import { contentSecurityPolicy } from './csp.ts'
import { mediaType, rendererFile, scheme } from './renderer-files.ts'

/** Makes `app:` a scheme with an origin of its own. Only possible before Electron is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }])
}

/** Serves the built renderer in the folder `root`, and nothing else, under `app://fermata/`. */
export function serveRenderer(root: string): void {
  protocol.handle(scheme, async ({ method, url }) => {
    const file = method === 'GET' ? rendererFile(root, url) : null
    const body = file && (await readFile(file).catch(() => null))
    if (!file || !body) return new Response('Not found', { status: 404 })
    return new Response(new Uint8Array(body), {
      headers: {
        'content-type': mediaType(file),
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      },
    })
  })
}
