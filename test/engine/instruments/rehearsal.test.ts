import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { buildCommand } from '../../../main/engine/instruments/command.ts'
import { readResult } from '../../../main/engine/instruments/read-result.ts'
import { bundled } from '../../support/claude-output.ts'
import { processesWithMarker } from '../../support/processes.ts'

const assetsDir = resolve(import.meta.dirname, '../../../assets')
const rehearsal = bundled.get('rehearsal')

let folder: string
let workspace: string
let started: ChildProcess[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fermata-rehearsal-'))
  workspace = join(folder, 'work space')
  started = []
  await mkdir(workspace)
})
afterEach(async () => {
  for (const child of started) signal(child, 'SIGKILL')
  await rm(folder, { recursive: true })
})

/** To the whole group. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

const output = (name: 'stdout' | 'stderr') => readFileSync(join(folder, name), 'utf8')
const living = () => processesWithMarker(folder)

/** Bit 14 of the ignored signals is SIGTERM. */
function ignoresTerm(pid: number): boolean {
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'
  return (BigInt(`0x${ignored}`) & (1n << 14n)) !== 0n
}

/** Starts the agent as its profile says: a group of its own, and files as its standard streams. */
async function start(prompt: string, environment: Record<string, string> = {}): Promise<ChildProcess> {
  await writeFile(join(folder, 'prompt'), prompt)
  const files = [openSync(join(folder, 'prompt'), 'r'), ...['stdout', 'stderr'].map((name) => openSync(join(folder, name), 'w'))]
  const [program, ...args] = buildCommand(rehearsal, { promptText: prompt, assetsDir, environment: {} }).argv
  const env = { PATH: process.env.PATH, FERMATA_ATTEMPT: folder, FERMATA_SHEET: '2', ...environment }
  const child = spawn(program, args, { cwd: workspace, env, detached: true, stdio: files })
  for (const file of files) closeSync(file)
  started.push(child)
  return child
}

async function rehearse(prompt: string, environment?: Record<string, string>) {
  const [exitStatus] = z.tuple([z.number(), z.null()]).parse(await once(await start(prompt, environment), 'exit'))
  return { exitStatus, ...(await readResult(rehearsal, { folder, exitStatus, now: Date.now() })) }
}

const event = z.looseObject({
  type: z.string(),
  message: z
    .object({ id: z.string(), content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })) })
    .optional(),
})
const events = () =>
  output('stdout')
    .trimEnd()
    .split('\n')
    .map((line) => event.parse(JSON.parse(line)))

describe('the rehearsal agent', () => {
  it('writes the files its prompt asks for, and nothing else', async () => {
    const reading = await rehearse(
      ['Write a page.', 'REHEARSAL: DURATION=0', 'Save to: page.md', '- Write: `deep er/été "x".md`\r', 'Save to: -n'].join('\n'),
    )
    expect(reading).toMatchObject({ exitStatus: 0, verdict: { kind: 'succeeded' } })
    expect(await readdir(workspace)).toEqual(['-n', 'deep er', 'page.md'])
    const page = await readFile(join(workspace, 'deep er/été "x".md'), 'utf8')
    expect(page).toMatch(/^# Sheet 2\n\nWrite a page\.\n/)
    expect(page.split(/\s+/).length).toBeGreaterThan(60)
    expect(output('stderr')).toBe('')
  })

  it('streams events as Claude does: an init, one line for each block of a message, a result', async () => {
    await rehearse('Think.\nREHEARSAL: DURATION=0 STEPS=2')
    expect(events().map(({ type }) => type)).toEqual(['system', 'assistant', 'assistant', 'assistant', 'assistant', 'result'])
    const ids = events().flatMap(({ message }) => message?.id ?? [])
    expect(ids[0]).toBe(ids[1])
    expect(new Set(ids).size).toBe(2)
  })

  it('reports tokens and cost in its result', async () => {
    const { usage } = await rehearse(`REHEARSAL: DURATION=0 TOKENS=1200\n${'word '.repeat(800)}`)
    expect(usage).toMatchObject({ outputTokens: 1200, inputTokens: expect.closeTo(1008, -1.5) })
    expect(usage?.cacheReadTokens).toBeGreaterThan(0)
    expect(usage?.cacheWriteTokens).toBeGreaterThan(0)
    expect(usage?.costUsd).toBeGreaterThan(0)
  })

  it.each([
    ['quotes and backslashes', '"a" \\ \\n %s %d $HOME `id` $(id) \\"'],
    ['control characters', 'a\u0001b\tc\u001b[31md\u007f'],
    ['other scripts', 'é ∙ 日本語 🎼 \u2028'],
    ['shell words', "-n '; exit 3 #"],
    ['a glob', '* ? [a-z]'],
  ])('escapes %s', async (_, task) => {
    expect((await rehearse(`${task}\nREHEARSAL: DURATION=0 STEPS=1`)).verdict).toEqual({ kind: 'succeeded' })
    expect(events()[1]?.message?.content[0]?.text).toBe(`Step 1 of 1: ${task}`)
  })

  it('shows the task, not Fermata’s preamble', async () => {
    await rehearse('You play sheet 2 of 3 of "x". Work in /tmp.\nThis sheet failed.\n\nPaint it.\nREHEARSAL: DURATION=0 STEPS=1')
    expect(events()[1]?.message?.content[0]?.text).toBe('Step 1 of 1: Paint it.')
  })

  it('works without any prompt', async () => {
    expect((await rehearse('', { REHEARSAL_DURATION: '0' })).verdict).toEqual({ kind: 'succeeded' })
  })

  it('takes the time it is told to', async () => {
    const before = performance.now()
    await rehearse('REHEARSAL: DURATION=0.8 STEPS=2')
    expect(performance.now() - before).toBeGreaterThan(780)
  })

  it('lets the prompt overrule the environment', async () => {
    const { usage } = await rehearse('REHEARSAL: TOKENS=7', { REHEARSAL_TOKENS: '5', REHEARSAL_DURATION: '0' })
    expect(usage?.outputTokens).toBe(7)
  })

  it.each(['DURATON=1', 'STEPS=0', 'STEPS=many', 'DURATION=1s', 'FAIL_FIRST=-1', 'SPAM='])(
    'refuses the directive %s',
    async (directive) => {
      const { exitStatus } = await rehearse(`REHEARSAL: ${directive}`)
      expect(exitStatus).toBe(64)
      expect(output('stderr')).toMatch(/^rehearsal: /)
    },
  )
})

describe('asked to behave badly, the rehearsal agent', () => {
  it('fails its first attempts and leaves no files', async () => {
    const prompt = 'REHEARSAL: DURATION=0 FAIL_FIRST=2\nSave to: page.md'
    const failing = await rehearse(prompt, { FERMATA_ATTEMPT_NUMBER: '2' })
    expect(failing).toMatchObject({ exitStatus: 1, verdict: { kind: 'failed', error: { code: 'E009' }, retriable: true } })
    expect(failing.usage?.outputTokens).toBeGreaterThan(0)
    expect(await readdir(workspace)).toEqual([])

    expect((await rehearse(prompt, { FERMATA_ATTEMPT_NUMBER: '3' })).verdict).toEqual({ kind: 'succeeded' })
    expect(await readdir(workspace)).toEqual(['page.md'])
  })

  it('runs into a usage limit that names its end', async () => {
    const prompt = 'REHEARSAL: DURATION=0 RATE_LIMIT_FIRST=1 RATE_LIMIT_SECONDS=60'
    const { verdict } = await rehearse(prompt, { FERMATA_ATTEMPT_NUMBER: '1' })
    expect(verdict.kind).toBe('rate_limited')
    const wait = (verdict.kind === 'rate_limited' ? (verdict.resetAt ?? 0) : 0) - Date.now()
    expect(wait).toBeGreaterThan(50_000)
    expect(wait).toBeLessThanOrEqual(61_000)
    expect((await rehearse(prompt, { FERMATA_ATTEMPT_NUMBER: '2' })).verdict).toEqual({ kind: 'succeeded' })
  })

  it('is not logged in', async () => {
    expect((await rehearse('REHEARSAL: AUTH')).verdict).toMatchObject({
      kind: 'failed',
      error: { code: 'E502' },
      retriable: false,
    })
  })

  it('does half of its work and calls it done', async () => {
    const { verdict } = await rehearse('REHEARSAL: DURATION=0 PARTIAL\nSave to: a.md\nSave to: b.md')
    expect(verdict).toEqual({ kind: 'succeeded' })
    expect(await readdir(workspace)).toEqual(['a.md'])
    expect(await readFile(join(workspace, 'a.md'), 'utf8')).toBe('# Sheet 2\n')
  })

  it('ends with broken JSON instead of a result', async () => {
    const { exitStatus, verdict, usage } = await rehearse('REHEARSAL: DURATION=0 GARBAGE_JSON')
    expect(exitStatus).toBe(0)
    expect(verdict).toMatchObject({ kind: 'failed', error: { code: 'E503' } })
    expect(usage).toMatchObject({ confidence: 'live' })
  })

  it('fails when it cannot write', async () => {
    await writeFile(join(workspace, 'file'), '')
    expect((await rehearse('REHEARSAL: DURATION=0\nSave to: file/page.md')).verdict).toMatchObject({
      kind: 'failed',
      error: { message: 'Rehearsal reported an error: The file file/page.md could not be written.' },
    })
  })

  it('prints as much noise as it is told to, and its result is still found', async () => {
    expect((await rehearse('REHEARSAL: DURATION=0 SPAM=3000000')).verdict).toEqual({ kind: 'succeeded' })
    expect(output('stdout').length).toBeGreaterThan(3_000_000)
  })

  it('is silent before each step when slow', async () => {
    const before = performance.now()
    await rehearse('REHEARSAL: DURATION=0 STEPS=2 SLOW=0.4')
    expect(performance.now() - before).toBeGreaterThan(780)
  })

  it('hangs without using the processor, and ends at SIGTERM', async () => {
    const child = await start('REHEARSAL: DURATION=0 HANG')
    await vi.waitFor(() => expect(living().some(({ command }) => command === 'sleep 3600')).toBe(true), 10_000)
    signal(child, 'SIGTERM')
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM'])
    await vi.waitFor(() => expect(living()).toEqual([]))
  })

  it('ignores SIGTERM together with its grandchild, and ends at SIGKILL', async () => {
    const child = await start('REHEARSAL: DURATION=0 HANG IGNORE_TERM SPAWN_CHILD')
    await vi.waitFor(() => expect(living().filter(({ command }) => command === 'sleep 3600')).toHaveLength(2), 10_000)
    expect(living()).toHaveLength(3)
    for (const { pid } of living()) expect(ignoresTerm(pid)).toBe(true)
    signal(child, 'SIGKILL')
    await once(child, 'exit')
    await vi.waitFor(() => expect(living()).toEqual([]))
  })

  it('leaves a grandchild behind', async () => {
    const child = await start('REHEARSAL: DURATION=0 SPAWN_CHILD')
    await once(child, 'exit')
    expect(living().map(({ command }) => command)).toEqual(['sleep 3600'])
  })
})
