import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { claude } from '../../../test/support/claude-output.ts'
import { atLeast, leastUsage } from './estimate.ts'
import { instrumentProfile } from './profile.ts'
import { Tally } from './tally.ts'
import { addCounts, type Counts } from './usage.ts'

const amount = fc.nat(1_000_000)
const figures = fc.record({ input: amount, output: amount, cacheRead: amount, cacheWrite: amount })
type Figures = typeof figures extends fc.Arbitrary<infer Value> ? Value : never

/** Calls, each with the lines that tell of it: figures grow from line to line, as they do while an answer is written. */
const calls = fc.uniqueArray(fc.record({ id: fc.uuid(), figures, lines: fc.integer({ min: 1, max: 4 }) }), {
  maxLength: 12,
  selector: ({ id }) => id,
})

const line = (id: string, { input, output, cacheRead, cacheWrite }: Figures, part: number, parts: number) => ({
  type: 'assistant',
  message: {
    id,
    content: [{ type: 'text', text: `part ${part}` }],
    usage: {
      input_tokens: input,
      output_tokens: Math.floor((output * part) / parts),
      cache_read_input_tokens: cacheRead,
      cache_creation_input_tokens: cacheWrite,
    },
  },
})

function tallied(events: readonly object[]): Tally {
  const tally = new Tally(claude)
  for (const event of events) tally.take(event as Record<string, unknown>)
  return tally
}

const nonzero = ({ input, output, cacheRead, cacheWrite }: Figures) => input + output + cacheRead + cacheWrite > 0

describe('what running events add up to', () => {
  it('is the sum of the calls, in whatever order their lines come and however often', () => {
    fc.assert(
      fc.property(calls, fc.infiniteStream(fc.nat()), (all, picks) => {
        const lines = all.flatMap(({ id, figures, lines }) =>
          Array.from({ length: lines }, (_, at) => line(id, figures, at + 1, lines)),
        )
        const next = () => Number(picks.next().value)
        const doubled = [...lines, ...lines.filter(() => next() % 2 === 0)]
        const mixed = doubled
          .map((one) => [next(), one] as const)
          .sort(([a], [b]) => a - b)
          .map(([, one]) => one)
        const sum = all
          .filter(({ figures }) => nonzero(figures))
          .reduce<Counts | null>((total, { figures }) => {
            const counts = { ...figures, cost: null }
            return total === null ? counts : addCounts(total, counts)
          }, null)
        expect(tallied(mixed).sum()).toEqual(sum)
        expect(tallied(mixed).takeText().length).toBe(tallied(lines).takeText().length)
      }),
      { numRuns: 100 },
    )
  })

  it('is never more than that where lines are missing, and grows with every line', () => {
    fc.assert(
      fc.property(calls, fc.nat(), (all, cut) => {
        const lines = all.flatMap(({ id, figures, lines }) =>
          Array.from({ length: lines }, (_, at) => line(id, figures, at + 1, lines)),
        )
        const total = (tally: Tally) => Object.values(tally.sum() ?? {}).reduce<number>((sum, one) => sum + (one ?? 0), 0)
        const kept = cut % (lines.length + 1)
        expect(total(tallied(lines.slice(0, kept)))).toBeLessThanOrEqual(total(tallied(lines)))
      }),
      { numRuns: 100 },
    )
  })

  it('keeps the sum of calls it no longer knows one by one', () => {
    const figures = { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 }
    const tally = tallied(Array.from({ length: 5000 }, (_, at) => line(`msg_${at}`, figures, 1, 1)))
    expect(tally.sum()).toMatchObject({ input: 5000, output: 10_000, cacheRead: 15_000, cacheWrite: 20_000 })
    expect(tally.calls).toBe(5000)
  })
})

describe('running totals', () => {
  const profile = instrumentProfile.parse({
    name: 'agent',
    cli: {
      command: { executable: 'agent' },
      output: {
        format: 'jsonl',
        completion_event_type: 'end',
        result_path: 'text',
        live: { event_type: 'turn', figures: 'totals', input_tokens_path: 'in', output_tokens_path: 'out' },
      },
    },
  })

  it('are not added up: the highest counts, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ in: amount, out: amount }), { minLength: 1 }), (turns) => {
        const tally = new Tally(profile)
        for (const turn of turns) tally.take({ type: 'turn', ...turn, in: turn.in + 1 })
        expect(tally.sum()).toMatchObject({
          input: Math.max(...turns.map((turn) => turn.in)) + 1,
          output: Math.max(...turns.map((turn) => turn.out)),
        })
      }),
      { numRuns: 50 },
    )
  })
})

describe('the traps of running events', () => {
  const blank = { usage: { input_tokens: 0, output_tokens: 0 } }
  const message = (text: string, more: object = {}) => ({
    type: 'assistant',
    message: { id: 'm1', content: [{ type: 'text', text }], usage: { input_tokens: 3, output_tokens: 1 }, ...more },
  })

  it('one line for each block of a message does not count its figures twice', () => {
    const usage = { input_tokens: 10, output_tokens: 7, cache_read_input_tokens: 20_000 }
    expect(tallied([message('a', { usage }), message('b', { usage }), message('c', { usage })]).sum()).toMatchObject({
      input: 10,
      output: 7,
      cacheRead: 20_000,
    })
  })

  it('zeros for everything are no figures, and after some of them nobody takes them for figures', () => {
    const tally = tallied([message('a', blank), message('b', blank), message('c', blank)])
    expect(tally.sum()).toBeNull()
    expect(tally.unreadable).toBe(3)
    tally.take(message('d'))
    expect(tally.unreadable).toBe(0)
  })

  it('placeholders that undercount a hundred times do not stand against the text that was sent and written', () => {
    const told = { inputTokens: 9, outputTokens: 3, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null }
    expect(atLeast(told, leastUsage({ prompt: 1000, written: 600, calls: 3 }))).toMatchObject({
      inputTokens: 1000,
      outputTokens: 600,
      cacheReadTokens: 2 * (1000 + 300),
    })
  })

  it('true figures stand against less text', () => {
    const told = { inputTokens: 9, outputTokens: 900, cacheReadTokens: 60_000, cacheWriteTokens: 5000, costUsd: null }
    expect(atLeast(told, leastUsage({ prompt: 1000, written: 600, calls: 3 }))).toEqual(told)
  })
})
