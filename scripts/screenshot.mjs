// npm run screenshot: makes docs/screenshot.png from real jobs in the real app.
import { withRecentNode } from './setup/node.mjs'
import { root } from './setup/paths.mjs'
import { prepare } from './setup/prepare.mjs'
import { become, toolCommand } from './setup/run.mjs'
import { main } from './setup/say.mjs'
import { ownDisplay } from './setup/suite.mjs'

await main(async () => {
  await withRecentNode()
  const { binary } = await prepare({ build: true, electron: true, display: true })
  const [command, ...args] = [...ownDisplay(), ...toolCommand('@playwright/test', 'playwright')]
  process.exit(
    await become(command, [...args, 'test', '-c', 'test/screenshot/playwright.config.ts'], {
      cwd: root,
      env: { ...process.env, FERMATA_ELECTRON: binary },
    }),
  )
})
