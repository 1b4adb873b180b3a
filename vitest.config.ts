import { defineConfig } from 'vitest/config'

/** Unit tests keep no state in their modules: one worker runs many files, which halves the time. */
const shared = { environment: 'node', isolate: false, testTimeout: 30_000 } as const

/** Unit projects run in `npm run check`; `integration` and `faults` start real processes and belong to `npm test`. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'engine',
          include: ['main/engine/**/*.test.ts', 'main/cli/**/*.test.ts', 'scripts/**/*.test.ts'],
          ...shared,
        },
      },
      { test: { name: 'desktop-unit', include: ['main/desktop/**/*.test.ts', 'preload/**/*.test.ts'], ...shared } },
      { test: { name: 'renderer', include: ['renderer/**/*.test.{ts,tsx}'], environment: 'node' } },
      {
        test: {
          name: 'integration',
          include: ['test/{engine,tools}/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          environment: 'node',
          testTimeout: 600_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
