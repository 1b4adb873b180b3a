import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { loadCatalogue } from '../../main/engine/instruments/catalogue.ts'
import type { InstrumentProfile } from '../../main/engine/instruments/profile.ts'
import { type AttemptReading, readResult, type UsageSource } from '../../main/engine/instruments/read-result.ts'

/** The bundled profiles. */
export const bundled = await loadCatalogue([resolve(import.meta.dirname, '../../assets/instruments')])
export const claude = bundled.get('claude-code')
export const bash = bundled.get('cli')

/** Epoch ms at which every attempt of these tests ended. */
export const endedAt = Date.parse('2026-06-17T14:30:00Z')

/** What an attempt left behind. Of an array, objects become lines of JSON. */
export interface Ended {
  readonly stdout?: readonly (object | string)[] | string
  readonly stderr?: string
  readonly exit?: number
}

/** What is read of an attempt that left this behind. */
export async function read(
  { stdout = [], stderr = '', exit = 0 }: Ended,
  profile: InstrumentProfile = claude,
  { prompt = '', ...more }: Partial<UsageSource> & { readonly prompt?: string } = {},
): Promise<AttemptReading> {
  const folder = await mkdtemp(join(tmpdir(), 'fermata-attempt-'))
  try {
    const line = (one: object | string) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`
    await writeFile(join(folder, 'stdout'), typeof stdout === 'string' ? stdout : stdout.map(line).join(''))
    await writeFile(join(folder, 'stderr'), stderr)
    await writeFile(join(folder, 'prompt'), prompt)
    return await readResult(profile, { ...more, folder, exitStatus: exit, now: endedAt })
  } finally {
    await rm(folder, { recursive: true })
  }
}

export const verdictOf = async (ended: Ended, profile?: InstrumentProfile) => (await read(ended, profile)).verdict

export const init = { type: 'system', subtype: 'init', session_id: 's', model: 'claude-sonnet' }

export const assistant = (text: string, id = 'msg_1') => ({
  type: 'assistant',
  message: { id, role: 'assistant', content: [{ type: 'text', text }], usage: { input_tokens: 3, output_tokens: 1 } },
})

export const result = (text: string, more: object = {}) => ({
  type: 'result',
  subtype: 'success',
  is_error: false,
  result: text,
  session_id: 's',
  num_turns: 3,
  duration_ms: 4200,
  total_cost_usd: 0.1234,
  usage: { input_tokens: 1200, output_tokens: 340, cache_creation_input_tokens: 5000, cache_read_input_tokens: 80000 },
  ...more,
})

/** By default a limit that ends at 19:00 UTC. */
export const limitEvent = (status: string, resetsAt: unknown = 1781722800) => ({
  type: 'rate_limit_event',
  rate_limit_info: { status, resetsAt, rateLimitType: 'five_hour' },
  session_id: 's',
})
