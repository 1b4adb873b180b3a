// npm run dev: the app with hot reload.
import { forgetBuild } from './setup/build.mjs'
import { withRecentNode } from './setup/node.mjs'
import { root } from './setup/paths.mjs'
import { prepare } from './setup/prepare.mjs'
import { become, toolCommand } from './setup/run.mjs'
import { main } from './setup/say.mjs'
import { userEnvironment } from './setup/user.mjs'

await main(async () => {
  await withRecentNode()
  const electron = await prepare({ electron: true })
  forgetBuild()
  const [command, ...args] = toolCommand('electron-vite')
  const asRoot = process.getuid?.() === 0
  process.exit(
    await become(command, [...args, 'dev', '--watch', '--', ...process.argv.slice(2)], {
      cwd: root,
      env: { ...userEnvironment(), ELECTRON_EXEC_PATH: electron.binary, ...(asRoot && { NO_SANDBOX: '1' }) },
    }),
  )
})
