import os from 'node:os'
import { toolCommand } from './run.mjs'
import { colours, runSuite, vitestSuite } from './suite.mjs'

/** The quick gate: what must hold before anything is committed. The slow ones come first. */
export function runGate() {
  return inParallel([
    vitestSuite('unit', ['engine', 'desktop-unit', 'renderer']),
    { name: 'types', command: [...toolCommand('typescript', 'tsc'), '-b'] },
    { name: 'dead code', command: [...toolCommand('knip')] },
    {
      name: 'borders',
      command: [
        ...toolCommand('dependency-cruiser', 'depcruise'),
        '--config',
        '.dependency-cruiser.cjs',
        'main',
        'preload',
        'renderer',
      ],
    },
    {
      name: 'lint, format',
      command: [...toolCommand('@biomejs/biome', 'biome'), 'ci', '.', `--colors=${colours ? 'force' : 'off'}`],
    },
  ])
}

/** Runs the suites with as many at once as there are cores, and returns all counts. */
async function inParallel(suites) {
  const waiting = [...suites]
  const counts = []
  const worker = async () => {
    for (let suite = waiting.shift(); suite; suite = waiting.shift()) counts.push(await runSuite(suite))
  }
  await Promise.all(Array.from({ length: os.availableParallelism() }, worker))
  return counts
}
