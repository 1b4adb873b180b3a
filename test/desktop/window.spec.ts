import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { expect, test } from './story.ts'

/** A place outside that the window must never reach. */
async function outside() {
  const visits: string[] = []
  const server = createServer((request, response) => {
    visits.push(`${request.method} ${request.url}`)
    response.setHeader('Access-Control-Allow-Origin', '*').end('outside')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, visits, close: () => server.close() }
}

/** Runs code in the page's own world, under the page's own policy. */
const inPage = <T>(page: Page, run: () => T | Promise<T>) => page.evaluate(run)

test('the page has no Node, and only the bridge', async ({ start }) => {
  const page = await (await start()).window()
  expect(page.url()).toMatch(/^app:\/\/fermata\//)
  expect(
    await inPage(page, () => ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in globalThis)),
  ).toEqual([])
  expect(
    await inPage(page, () => {
      const bridge = (globalThis as unknown as { fermata: Record<string, unknown> }).fermata
      return Object.fromEntries(Object.keys(bridge).map((key) => [key, typeof bridge[key]]))
    }),
  ).toEqual({ call: 'function', on: 'function', pathOf: 'function', platform: 'string' })
})

test('the window is sandboxed, isolated and without Node by its own settings', async ({ start }) => {
  const fermata = await start()
  await fermata.window()
  const preferences = await fermata.electron.evaluate(({ BrowserWindow }) => {
    // Electron's types leave this method out.
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>
    }
    const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } = contents.getLastWebPreferences()
    return { sandbox, contextIsolation, nodeIntegration, webviewTag: webviewTag ?? false, webSecurity }
  })
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
  })
})

test('a strict policy is sent with the page, and holds', async ({ start }) => {
  const page = await (await start()).window()
  const policy = await inPage(page, async () => (await fetch(location.href)).headers.get('content-security-policy'))
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self'")
  expect(policy).not.toMatch(/unsafe|\*|https?:/)

  const violated = await inPage(page, async () => {
    const reported = new Promise<string>((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true })
    })
    const script = document.createElement('script')
    script.textContent = 'globalThis.intruder = true'
    document.body.append(script)
    return { directive: await reported, ran: 'intruder' in globalThis }
  })
  expect(violated).toEqual({ directive: 'script-src-elem', ran: false })
})

test('the window reaches nothing outside: no request, no navigation, no new window', async ({ start }) => {
  const canary = await outside()
  try {
    const fermata = await start()
    const page = await fermata.window()
    const home = page.url()
    const attempts = await page.evaluate(async (url) => {
      const fetched = await fetch(url).then(
        () => 'fetched',
        () => 'refused',
      )
      const opened = window.open(url) === null ? 'refused' : 'opened'
      const frame = document.createElement('iframe')
      frame.src = url
      document.body.append(frame)
      const link = Object.assign(document.createElement('a'), { href: url, target: '_blank', textContent: 'out' })
      document.body.append(link)
      link.click()
      link.target = ''
      link.click()
      location.assign(url)
      return { fetched, opened, permission: await Notification.requestPermission() }
    }, canary.url)
    expect(attempts).toEqual({ fetched: 'refused', opened: 'refused', permission: 'denied' })

    // A round through the main process, so that whatever was under way has arrived there.
    await page.evaluate(async () =>
      (globalThis as unknown as { fermata: { call(...a: unknown[]): unknown } }).fermata.call('jobs.snapshot', null),
    )
    expect(page.url()).toBe(home)
    expect(fermata.electron.windows()).toHaveLength(1)
    expect(canary.visits).toEqual([])
  } finally {
    canary.close()
  }
})

test('the main process refuses calls that are not in the contract, and says what is wrong with bad input', async ({ start }) => {
  const page = await (await start()).window()
  const answers = await inPage(page, async () => {
    const { call } = (
      globalThis as unknown as {
        fermata: { call(name: string, input: unknown): Promise<{ ok: boolean; problem?: { code: string } }> }
      }
    ).fermata
    const code = (name: string, input: unknown) =>
      call(name, input).then(
        (result) => (result.ok ? 'accepted' : `problem ${typeof result.problem?.code}`),
        () => 'refused',
      )
    return [await code('shell.run', 'ls'), await code('jobs.pause', { jobId: 7 }), await code('jobs.pause', { jobId: 'nobody' })]
  })
  expect(answers[0]).not.toBe('accepted')
  expect(answers.slice(1)).toEqual(['problem string', 'problem string'])
})

test('files outside the app cannot be read through its protocol', async ({ start }) => {
  const page = await (await start()).window()
  const statuses = await inPage(page, () =>
    Promise.all(
      ['../../package.json', '..%2f..%2fpackage.json', '%2e%2e/%2e%2e/package.json', '/etc/passwd', 'nowhere.js'].map((path) =>
        fetch(`app://fermata/${path}`).then(
          async (response) => (response.ok ? await response.text() : 'refused'),
          () => 'refused',
        ),
      ),
    ),
  )
  expect(new Set(statuses)).toEqual(new Set(['refused']))
})
