import { describe, expect, it } from 'vitest'
import { createRedactor } from './redactor.ts'

const { redact, redactLines } = createRedactor({})

/** Put together here, so that nobody who scans this file takes one for real. */
const long = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'

describe('what is kept of a program’s output', () => {
  it.each([
    ['an Anthropic key', `key sk-ant-${long}`],
    ['an OpenAI key', `key sk-proj-${long}`],
    ['a Google key', `key AIza${long}`],
    ['a GitHub token', `key ghp_${long}`],
    ['a fine-grained GitHub token', `key github_pat_${long}`],
    ['a GitLab token', `key glpat-${long}`],
    ['a Slack token', `key xoxb-1234567890-${long}`],
    ['an AWS key', 'key AKIAABCDEFGHIJKLMNOP'],
    ['an npm token', `key npm_${long}`],
    ['a Hugging Face token', `key hf_${long}`],
    ['a Stripe key', `key sk_live_${long}`],
    ['a JSON web token', `key eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${long}`],
    ['a private key', `key -----BEGIN RSA PRIVATE KEY-----\n${long}\n${long}\n-----END RSA PRIVATE KEY-----`],
    ['a private key that was cut off', `key -----BEGIN OPENSSH PRIVATE KEY-----\n${long}\n${long}`],
    ['a bearer header', `key Authorization: Bearer ${long}`],
    ['a basic header', 'key Authorization: Basic dXNlcjpwYXNzd29yZA=='],
    ['a bearer token alone', `key bearer ${long}`],
    ['a header in JSON', `key {"authorization": "Bearer ${long}"}`],
    ['an environment variable', 'key MY_API_KEY=hunter2 '],
    ['a variable of another spelling', 'key X_APIKEY=hunter2'],
    ['a quoted environment variable', 'key export DB_PASSWORD="hunter two"'],
    ['a password in an address', 'key postgres://me:hunter2@localhost/db'],
    ['a key in JSON', `key {"apiKey": "${long}"}`],
    ['a key in JSON within JSON', `key {"text":"{\\"apiKey\\": \\"${long}\\"}"}`],
    ['a Slack address', `key https://hooks.slack.com/services/T000/B000/${long}`],
    ['a password in YAML', `key password: 'correct-horse'`],
  ])('does not hold %s', (_, text) => {
    const shown = redact(text)
    expect(shown).toContain('[REDACTED]')
    expect(shown).toMatch(/^key /)
    for (const secret of [long, 'hunter', 'dXNlcjpwYXNzd29yZA', 'AKIAABCDEFGHIJKLMNOP', 'correct-horse']) {
      expect(shown).not.toContain(secret)
    }
  })

  it('says what the secret was for', () => {
    expect(redact('MY_API_KEY=hunter2 next')).toBe('MY_API_KEY=[REDACTED] next')
    expect(redact('postgres://me:hunter2@localhost/db')).toBe('postgres://me:[REDACTED]@localhost/db')
  })

  it.each([
    'The password is asked for by the login page.',
    'max_tokens: 200000, input_tokens = 12345678901234',
    'const token = readToken(process.env.API_TOKEN)',
    'API_KEY=$SECRET_FROM_ELSEWHERE',
    'see https://example.org:8080/path@2 and task-force-of-the-week',
    'a task: sk-short, and the bearer of bad news',
  ])('keeps what only looks like a secret: %s', (text) => {
    expect(redact(text)).toBe(text)
  })

  it('is ready in time, whatever the text', () => {
    const began = performance.now()
    for (const piece of [
      '-----BEGIN PRIVATE KEY-----',
      'a_',
      'x://',
      'A_KEY="',
      'token: "',
      'eyJa.',
      'bearer ',
      'AUTH_',
      '…',
      '-----END PRIVATE KEY-----',
    ]) {
      redact(piece.repeat(200_000 / piece.length))
    }
    expect(performance.now() - began).toBeLessThan(4000)
  })
})

describe('a private key', () => {
  const begin = '-----BEGIN RSA PRIVATE KEY-----'
  const end = '-----END RSA PRIVATE KEY-----'

  it('keeps its lines in a log, wherever the log shows it from', () => {
    const key = [begin, `Proc-Type: 4,ENCRYPTED`, '', long, long, end]
    const hidden = ['[REDACTED]', '[REDACTED]', '', '[REDACTED]', '[REDACTED]', '[REDACTED]']
    expect(redactLines(['a', ...key, 'b'])).toEqual(['a', ...hidden, 'b'])
    expect(redactLines([...key.slice(3), 'b.'])).toEqual([...hidden.slice(3), 'b.'])
    expect(redactLines(['a', ...key.slice(0, -1)])).toEqual(['a', ...hidden.slice(0, -1)])
  })

  it('is no reason to hide what follows one that is only spoken of', () => {
    const text = `It looks for ${begin} at the start.\nThen it goes on as before.`
    expect(redact(text)).toBe('It looks for [REDACTED] at the start.\nThen it goes on as before.')
  })

  it('is found in the numbered lines of an agent, and in its JSON', () => {
    expect(redact(`    1→${begin}\n    2→${long}\n    3→${long}\n    4\tThe end.`)).not.toContain(long)
    expect(redact(JSON.stringify({ content: `${begin}\n${long}\n${long}`, more: 'stays' }))).toBe(
      '{"content":"[REDACTED]","more":"stays"}',
    )
  })
})

describe('the values of the environment', () => {
  const environment = {
    MY_SERVICE_TOKEN: 'plainly/secret+value',
    PGPASSWORD: 'correct horse "battery"',
    DATABASE_URL: 'postgres://me:from-the-address@localhost/db',
    SIGNING_KEY: `-----BEGIN X-----\n${long}\n-----END X-----`,
    TEAM_WEBHOOK: 'https://chat.example.org/hooks/0123',
    AWS_SECRET_ACCESS_KEY: '/aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3',
  }
  const secrets = createRedactor(environment)

  it.each([
    ['as it is', 'plainly/secret+value'],
    ['in JSON', JSON.stringify({ printed: environment.PGPASSWORD }), '{"printed":"[REDACTED]"}'],
    ['in an address', encodeURIComponent(environment.MY_SERVICE_TOKEN)],
    ['of an address', 'from-the-address'],
    ['line by line', long],
    ['that is an address', environment.TEAM_WEBHOOK],
    ['that looks like a path', environment.AWS_SECRET_ACCESS_KEY],
  ])('are not shown: one %s', (_, text, expected = '[REDACTED]') => {
    expect(secrets.redact(text)).toBe(expected)
  })

  it.each([
    ['SSH_AUTH_SOCK', '/run/user/1000/keyring/ssh'],
    ['TOKEN_FILE', 'credentials-of-mine.json'],
    ['MY_KEY', '/home/somebody/.ssh/id_ed25519'],
    ['TOKEN_URL', 'https://login.example.org/oauth2/token'],
    ['OAUTH_TOKEN', 'https://login.example.org/oauth2/token'],
    ['COOKIE', 'production'],
    ['API_KEY', 'short'],
    ['EDITOR', 'some-long-program'],
  ])('are shown where they are none: %s=%s', (name, value) => {
    expect(createRedactor({ [name]: value }).redact(`it is ${value}.`)).toBe(`it is ${value}.`)
  })

  it('leave no half where a text was cut', () => {
    expect(secrets.redact('said plainly/sec…')).toBe('said [REDACTED]…')
    expect(secrets.redact('[…]ecret+value was said')).toBe('[…][REDACTED] was said')
    expect(secrets.redact('key sk-ant-a1 … [line clipped: 9 bytes]')).toBe('key [REDACTED] … [line clipped: 9 bytes]')
    expect(secrets.redact('a plain text… and so on')).toBe('a plain text… and so on')
    expect(secrets.secretsIn('said plainly/sec', true)).toEqual([{ start: 5, end: 16 }])
    expect(secrets.secretsIn('said plainly/sec')).toEqual([])
  })

  it('may become more', () => {
    let kept: readonly string[] = []
    const { redact } = createRedactor({}, () => kept)
    expect(redact('kept-in-the-keychain')).toBe('kept-in-the-keychain')
    kept = ['kept-in-the-keychain']
    expect(redact('kept-in-the-keychain')).toBe('[REDACTED]')
  })
})
