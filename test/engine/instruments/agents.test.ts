import { describe, expect, it } from 'vitest'
import { bundled, endedAt } from '../../support/claude-output.ts'
import { playOnFake } from '../../support/fake-clis.ts'

const agents = ['claude-code', 'codex-cli', 'gemini-cli', 'opencode', 'goose', 'cline-cli', 'aider', 'crush'] as const

const seconds = (count: number) => endedAt + count * 1000
const at = (iso: string) => Date.parse(iso)
/** 3:39 in the morning of June 19th on this computer's clocks. */
const localTime = new Date(2026, 5, 19, 3, 39).getTime()

describe.each(agents)('%s', (agent) => {
  it('does its work, however much it says of limits meanwhile, and its answer is found', async () => {
    const run = await playOnFake(agent, 'done')
    expect(run.verdict).toEqual({ kind: 'succeeded' })
    expect(run.resultText).toContain(agent === 'aider' ? 'I changed page.md.' : 'All done.')
  })

  it.each([
    ['of many lines and odd characters', '-n "quotes" \'more\' $HOME `id`\n\n--version\n\té ∙ 日本語 \\n\n'],
    ['that looks like a flag', '--help'],
    ['of more than 32 KB', 'é'.repeat(40_000)],
    ['too long for any argument', 'x'.repeat(3_000_000)],
  ])('takes a prompt %s untouched', async (_, prompt) => {
    const run = await playOnFake(agent, 'done', { prompt })
    expect(run.stderr).not.toMatch(/error:|unknown|unexpected/i)
    expect(run.prompt === prompt).toBe(true)
  })

  it('is told the model a score asks for', async () => {
    const { args, verdict } = await playOnFake(agent, 'done', { config: { model: 'some/model-1' } })
    expect(args[args.indexOf('--model') + 1]).toBe('some/model-1')
    expect(verdict).toEqual({ kind: 'succeeded' })
  })

  it('says which login it needs', () => {
    expect(bundled.get(agent).description).toMatch(/Needs (the|a) `\w+` command.* (login|key|provider)/)
  })

  it('is a crash when it crashes', async () => {
    expect((await playOnFake(agent, 'crash')).verdict).toMatchObject({
      kind: 'failed',
      error: { code: 'E003' },
      retriable: false,
    })
  })

  it('is not retried when it is not logged in', async () => {
    expect((await playOnFake(agent, 'auth')).verdict).toMatchObject({ kind: 'failed', error: { code: 'E502' }, retriable: false })
  })

  it('is retried soon when its service is overloaded', async () => {
    expect((await playOnFake(agent, 'overload')).verdict).toMatchObject({
      kind: 'failed',
      error: { code: 'E103' },
      retriable: true,
    })
  })
})

describe('a limit', () => {
  it.each<[string, string, string, number, number | null]>([
    ['claude-code', 'limit', 'E104', 1, at('2026-06-17T19:00:00Z')],
    ['claude-code', 'quiet-limit', 'E104', 0, at('2026-06-17T19:00:00Z')],
    ['codex-cli', 'limit', 'E104', 1, localTime],
    ['codex-cli', 'quiet-limit', 'E104', 0, seconds((2 * 60 + 13) * 60)],
    ['codex-cli', 'seconds', 'E104', 1, seconds(4674)],
    ['gemini-cli', 'limit', 'E101', 1, seconds(34.07)],
    ['gemini-cli', 'quota', 'E104', 1, seconds(4 * 3600 + 12 * 60 + 33)],
    ['gemini-cli', 'quiet-limit', 'E104', 0, seconds(12.5)],
    ['opencode', 'limit', 'E101', 1, seconds(120)],
    ['opencode', 'quiet-limit', 'E104', 0, null],
    ['goose', 'quiet-limit', 'E101', 0, seconds(90)],
    ['goose', 'quota', 'E104', 0, null],
    ['cline-cli', 'limit', 'E102', 1, seconds(34)],
    ['cline-cli', 'quota', 'E104', 1, null],
    ['aider', 'quiet-limit', 'E102', 0, seconds(6.5)],
    ['aider', 'quota', 'E104', 0, null],
    ['crush', 'limit', 'E101', 1, seconds(20)],
    ['crush', 'quota', 'E104', 1, null],
  ])('of %s (%s) is %s, exit status %i, with its end', async (agent, plays, code, exitStatus, resetAt) => {
    expect(await playOnFake(agent, plays)).toMatchObject({ exitStatus, verdict: { kind: 'rate_limited', code, resetAt } })
  })

  it('is told in the program’s own words', async () => {
    const messageOf = async (agent: string, plays: string) => {
      const { verdict } = await playOnFake(agent, plays)
      return verdict.kind === 'rate_limited' ? verdict.message : verdict
    }
    expect(await messageOf('codex-cli', 'quiet-limit')).toBe(
      "Codex has reached a usage limit: You've hit your usage limit. Upgrade to Pro or try again in 2 hours 13 minutes.",
    )
    expect(await messageOf('goose', 'quiet-limit')).toBe(
      'goose has reached a usage limit: Ran into this error: Rate limit exceeded: Too Many Requests, retry after 90 seconds.',
    )
    expect(await messageOf('crush', 'limit')).toBe(
      'Crush has reached a usage limit: Agent run failed: too many requests: Rate limit reached, please try again in 20s.',
    )
  })
})

describe('another failure', () => {
  it.each([
    ['codex-cli', 'stale', 'E006', 'came to a standstill: stream disconnected'],
    ['codex-cli', 'cut', 'E503', 'ended without the result'],
    ['aider', 'timeout', 'E001', 'gave up waiting: litellm.Timeout'],
    ['aider', 'other', 'E009', 'reported an error: '],
    ['goose', 'network', 'E009', 'reported an error: Could not resolve host.'],
    ['cline-cli', 'timeout', 'E001', 'gave up waiting: '],
    ['cline-cli', 'mistakes', 'E009', 'reported an error: I could not do it.'],
    ['crush', 'stale', 'E006', 'came to a standstill: Event stream closed'],
  ])('of %s (%s) is %s', async (agent, plays, code, message) => {
    expect((await playOnFake(agent, plays)).verdict).toMatchObject({
      kind: 'failed',
      error: { code, message: expect.stringContaining(message) },
      retriable: true,
    })
  })
})

describe('the usage', () => {
  it.each([
    ['claude-code', { inputTokens: 1200, outputTokens: 340, cacheReadTokens: 80_000, cacheWriteTokens: 5000, costUsd: 0.1234 }],
    ['codex-cli', { inputTokens: 315, outputTokens: 122, cacheReadTokens: 24_448, cacheWriteTokens: 0, costUsd: null }],
    ['gemini-cli', { inputTokens: 4737, outputTokens: 204, cacheReadTokens: 21_263, cacheWriteTokens: 0, costUsd: null }],
    ['opencode', { inputTokens: 1000, outputTokens: 80, cacheReadTokens: 200, cacheWriteTokens: 20, costUsd: 0.03 }],
    ['goose', { inputTokens: 1400, outputTokens: 100, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null }],
    ['cline-cli', { inputTokens: 900, outputTokens: 80, cacheReadTokens: 7, cacheWriteTokens: 8, costUsd: 0.05 }],
    ['aider', { inputTokens: 2300, outputTokens: 120, costUsd: 0.01, confidence: 'reported' }],
    ['crush', { inputTokens: 3, outputTokens: 12, costUsd: null, confidence: 'estimate' }],
  ])('of %s is what it says, or else estimated', async (agent, usage) => {
    const told = (await playOnFake(agent, 'done')).usage
    expect({ confidence: 'exact', ...told }).toMatchObject({ confidence: 'exact', ...usage })
  })

  it('of what was done before a limit is kept', async () => {
    expect((await playOnFake('opencode', 'limit')).usage).toMatchObject({ inputTokens: 700, costUsd: 0.01 })
  })
})

describe('what a score tells an instrument', () => {
  it('reaches Claude Code as its flags', async () => {
    const config = { system_prompt: 'Be brief.', allowed_tools: ['Read', 'Bash(git log:*)'], mcp_config: 'mcp.json' }
    const { args, prompt } = await playOnFake('claude-code', 'done', { config })
    expect(args.slice(3)).toEqual([
      ...['--append-system-prompt', 'Be brief.', '--allowedTools', 'Read,Bash(git log:*)', '--mcp-config', 'mcp.json'],
      ...['-p', '--verbose'],
    ])
    expect(prompt).toBe('Do it.')
  })

  it('reaches Cline with the time it has and the folder it works in', async () => {
    const { args } = await playOnFake('cline-cli', 'done')
    expect(args).toEqual(['--auto-approve=true', '--json', '--timeout', '60', '--cwd', expect.stringMatching(/\/workspace$/)])
  })
})
