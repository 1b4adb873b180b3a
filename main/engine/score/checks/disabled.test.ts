import { describe, expect, it } from 'vitest'
import { parseScore } from '../parse.ts'

const score = `name: a
sheet: { size: 1, total_items: 3 }
prompt: { template: x }
validations: [{ type: content_contains, path: a, pattern: b }]
`

/** What is found in a score with these lines, the first of which is line 5. */
function findings(...lines: readonly string[]): string[] {
  const { diagnostics } = parseScore(score + lines.join('\n'), { file: '/a.yaml', directory: '/', home: '/h' })
  return diagnostics.map(({ line, column, severity, code, message }) => `${line}:${column} ${severity} ${code} ${message}`)
}

describe('a section that waits to be enabled', () => {
  it('is told when it says something and is not', () => {
    expect(
      findings(
        'isolation: { mode: worktree }',
        'stale_detection: { idle_timeout_seconds: 60 }',
        'parallel: { max_concurrent: 5, fail_fast: true }',
        'checkpoints: { triggers: [] }',
        'concert: { cooldown_between_jobs_seconds: 1, max_chain_depth: 2 }',
      ),
    ).toEqual([
      '5:1 warning DISABLED `isolation.mode` has no effect while `isolation.enabled` is not true.',
      '6:1 warning DISABLED `stale_detection.idle_timeout_seconds` has no effect while `stale_detection.enabled` is not true.',
      '7:1 warning DISABLED `parallel.max_concurrent` and `parallel.fail_fast` have no effect while `parallel.enabled` is not true.',
      '8:1 warning DISABLED `checkpoints.triggers` has no effect while `checkpoints.enabled` is not true.',
      '9:1 warning DISABLED `concert.cooldown_between_jobs_seconds` has no effect while `concert.enabled` is not true.',
    ])
  })
  it.each([
    ['it is', 'isolation: { enabled: true, mode: worktree }'],
    ['it is turned off on purpose', 'parallel: { enabled: off, max_concurrent: 2 }'],
    ['what it says holds all the same', 'concert: { max_chain_depth: 2, abort_concert_on_hook_failure: true }'],
    ['it is empty', 'checkpoints: {}'],
  ])('is not told when %s', (_, line) => {
    expect(findings(line)).toEqual([])
  })
})
