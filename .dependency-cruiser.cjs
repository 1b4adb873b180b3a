/** The borders between the rooms (docs/architecture.md). A broken one fails `npm run check`. */
const io = '^(node:)?(fs|fs/promises|child_process|net|http|https|os|worker_threads|timers|timers/promises|process)$'

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'index-is-nobodys',
      comment: 'main/index.ts composes; nothing depends on it',
      severity: 'error',
      from: {},
      to: { path: '^main/index\\.ts$' },
    },
    {
      name: 'engine-is-alone',
      comment: 'the engine runs without Electron, desktop, command line or window',
      severity: 'error',
      from: { path: '^main/engine/' },
      to: { path: ['^main/(desktop|cli)/', '^preload/', '^renderer/', '(^|/)node_modules/electron/', '^electron$'] },
    },
    {
      name: 'engine-by-its-index',
      comment: 'the other rooms of main use the engine through main/engine/index.ts',
      severity: 'error',
      from: { path: '^main/(desktop|cli|index\\.ts)' },
      to: { path: '^main/engine/', pathNot: '^main/engine/index\\.ts$' },
    },
    {
      name: 'pure-core',
      comment: 'scheduling and score decide; they touch nothing outside',
      severity: 'error',
      from: { path: '^main/engine/(scheduling|score)/', pathNot: '\\.test\\.ts$' },
      to: { path: ['^main/engine/(running|processes|instruments|limits|storage|output)/', io, 'better-sqlite3'] },
    },
    {
      name: 'cli-and-desktop-apart',
      severity: 'error',
      from: { path: '^main/cli/' },
      to: { path: ['^main/desktop/', '^preload/', '^renderer/', '(^|/)node_modules/electron/', '^electron$'] },
    },
    {
      name: 'desktop-not-cli',
      severity: 'error',
      from: { path: '^main/desktop/' },
      to: { path: ['^main/cli/', '^renderer/', '^preload/index'] },
    },
    {
      name: 'renderer-knows-the-contract-only',
      severity: 'error',
      from: { path: '^renderer/' },
      to: {
        path: ['^main/', '^preload/(?!contract)', '(^|/)node_modules/electron/', '^electron$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    { name: 'renderer-no-main', severity: 'error', from: { path: '^renderer/' }, to: { path: '^main/' } },
    {
      name: 'renderer-no-node',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'preload-is-alone', severity: 'error', from: { path: '^preload/' }, to: { path: ['^main/', '^renderer/'] } },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^(main|preload|renderer)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: ['^test/', '\\.test\\.tsx?$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
