import { defineConfig } from '@playwright/test'

/** The real Electron, driven. Needs a display, a session bus and FERMATA_ELECTRON: `npm test` provides all three. */
export default defineConfig({
  testDir: 'test/desktop',
  outputDir: 'test-results/desktop',
  // There is one tray and one notification server on a session bus.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: [['list']],
})
