import { describe, expect, it } from 'vitest'
import { redact } from './redact.ts'

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
    for (const piece of ['-----BEGIN PRIVATE KEY-----', 'a_', 'x://', 'A_KEY="', 'token: "', 'eyJa.', 'bearer ', 'AUTH_']) {
      redact(piece.repeat(200_000 / piece.length))
    }
    expect(performance.now() - began).toBeLessThan(2000)
  })
})
