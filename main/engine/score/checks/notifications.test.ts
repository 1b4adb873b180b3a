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

describe('a notification', () => {
  it('is told when it has no address, keys that nobody knows, or values that make no sense', () => {
    expect(
      findings(
        'notifications:',
        '  - { type: webhook, config: { urll: x } }',
        '  - { type: slack, config: { username: x, timeout: 0, colour: red } }',
        '  - { type: webhook }',
      ),
    ).toEqual([
      '6:30 warning NOTIFICATION `notifications[0]` does not say where to: nothing is sent.',
      '6:32 warning NOTIFICATION `notifications[0].config.urll` has no effect: there is no such key.',
      '7:28 warning NOTIFICATION `notifications[1]` does not say where to: nothing is sent.',
      '7:52 warning NOTIFICATION `notifications[1].config.timeout` must be a number above 0, not 0: nothing is sent.',
      '7:55 warning NOTIFICATION `notifications[1].config.colour` has no effect: there is no such key.',
      '8:5 warning NOTIFICATION `notifications[2]` does not say where to: nothing is sent.',
    ])
  })
  it('comes with the key that was meant', () => {
    const text = `${score}notifications: [{ type: webhook, config: { urll: x } }]`
    const { diagnostics } = parseScore(text, { file: '/a.yaml', directory: '/', home: '/h' })
    expect(diagnostics.map(({ remedy }) => remedy)).toContain('Did you mean `url`?')
  })
  it('on the desktop is told where it cannot be what it says', () => {
    expect(
      findings(
        'notifications:',
        '  - { type: desktop, config: { app_name: a, timeout: 1, apname: b } }',
        '  - { type: desktop, on_events: [sheet_failed] }',
      ),
    ).toEqual([
      '6:32 info NOT_SUPPORTED `notifications[0].config.app_name` has no effect: the desktop decides how notifications look.',
      '6:45 info NOT_SUPPORTED `notifications[0].config.timeout` has no effect: the desktop decides how notifications look.',
      '6:57 warning NOTIFICATION `notifications[0].config.apname` has no effect: there is no such key.',
      '7:22 info NOT_SUPPORTED `notifications[1].on_events` can only add to what is told: of which jobs the desktop tells is set in Fermata.',
    ])
  })
  it('by a command is told when there is none, or one that cannot be read', () => {
    const [missing, open, ...more] = findings(
      'notifications:',
      '  - { type: command }',
      "  - { type: command, config: { command: 'say \"done' } }",
    )
    expect({ missing, open, more }).toMatchObject({
      missing: expect.stringContaining('`notifications[0].config.command`'),
      open: expect.stringContaining('must be a command whose quotes are closed'),
      more: [],
    })
  })
  it('is refused when a secret stands in the score: its address, or a header', () => {
    const rules = [
      '  - { type: slack, config: { webhook_url: "https://hooks.example.org/x" } }',
      '  - { type: webhook, config: { url: x, headers: { Authorization: Bearer y } } }',
      '  - { type: webhook, config: { url: x, headers: { X-Api-Key: "${KEY}" } } }',
    ]
    expect(findings(['notifications:', ...rules].join('\n'))).toEqual([
      '6:43 error SECRET `notifications[0].config.webhook_url` is a secret, and a score is kept as it is written.',
      '7:66 error SECRET `notifications[1].config.headers.Authorization` is a secret, and a score is kept as it is written.',
    ])
  })
  it.each([
    '{ type: slack, config: { webhook_url: "secret:TEAM" } }',
    `{ type: command, config: { command: "say 'it is' done" } }`,
    '{ type: slack, config: { webhook_url_env: HOOK, timeout: "5" } }',
    '{ type: webhook, config: { url: x, headers: { A: b }, include_metadata: no } }',
    '{ type: desktop }',
  ])('that is right is not told: %s', (rule) => {
    expect(findings(`notifications: [${rule}]`)).toEqual([])
  })
})
