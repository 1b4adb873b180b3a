import { readFile } from 'node:fs/promises'
import { leftOutAt, markBytes } from '../logs/cut.ts'
import type { Confidence, Usage } from '../scheduling/state.ts'
import { addUsage, allTokens } from '../scheduling/usage.ts'
import { countTokens } from '../tokens/count-tokens.ts'
import { atLeast, leastUsage } from './estimate.ts'
import { parseObject } from './json-paths.ts'
import type { InstrumentProfile } from './profile.ts'
import { Tally } from './tally.ts'
import { TextSize } from './text-size.ts'
import { countsAt, highestCounts, type ModelCounts, modelIn, type Price, usageFrom } from './usage.ts'
import { countsInLine } from './usage-lines.ts'

const openingBrace = 0x7b
const openingBracket = 0x5b

export interface UsageContext {
  /** Absolute path of the prompt as it was sent. */
  readonly promptFile: string
  /** The model that was asked for; the one the program names stands above it. */
  readonly model: string | null
  readonly price: Price
}

/** How a program's figures come: while it runs, at its end only (until then they are estimated), or never. */
export function figuresOf(profile: InstrumentProfile): 'live' | 'at_end' | 'estimate' {
  const { usage_patterns, input_tokens_path, output_tokens_path, cost_path } = profile.cli.output
  if (new Tally(profile).tellsFigures || usage_patterns.length > 0) return 'live'
  return input_tokens_path.length + output_tokens_path.length > 0 || cost_path !== undefined ? 'at_end' : 'estimate'
}

/**
 * What an attempt used, by what it prints: lines are taken as they come, and at any time the best figure there is can be asked
 * for. The program's word on the whole run stands above what it tells while it runs, and that above an estimate.
 */
export class RunningUsage {
  readonly #profile: InstrumentProfile
  readonly #context: UsageContext
  readonly #tally: Tally
  readonly #written: TextSize
  readonly #words: readonly Buffer[]
  #told: readonly ModelCounts[] = []
  /** Something came after the program's word on the whole run. */
  #wentOn = false
  #isCut = false
  #promptTokens: number | null = null

  /** @param kept characters of its text that are counted at a time */
  constructor(profile: InstrumentProfile, context: UsageContext, kept: number) {
    this.#profile = profile
    this.#context = context
    this.#tally = new Tally(profile)
    this.#written = new TextSize(kept)
    const { format, usage_event_type } = profile.cli.output
    const words = format === 'jsonl' ? [...this.#tally.words(), ...(usage_event_type ? [usage_event_type] : [])] : []
    this.#words = [...new Set(words)].map((word) => Buffer.from(JSON.stringify(word)))
  }

  /** How the figures come. */
  get source(): 'live' | 'at_end' | 'estimate' {
    return figuresOf(this.#profile)
  }

  /** Events with figures so far, and those in a row that should have held some. */
  get events(): number {
    return this.#tally.events
  }
  get unreadable(): number {
    return this.#tally.unreadable
  }

  /** The model the program names, else the one that was asked for. */
  get model(): string | null {
    return this.#told.at(-1)?.model ?? this.#tally.model ?? this.#context.model
  }

  /** A part of the output is gone. */
  get isCut(): boolean {
    return this.#isCut
  }

  cut(): void {
    this.#isCut = true
  }

  take(lines: readonly Buffer[]): void {
    for (const line of lines) {
      if (line[0] === openingBracket && isMark(line)) this.cut()
      else if (this.#profile.cli.output.format === 'text') this.#takeText(line)
      else if (line[0] === openingBrace && this.#words.some((word) => line.includes(word))) this.#takeEvent(line)
    }
  }

  /** The program's word on the whole run, where it is no event. */
  tell(told: readonly ModelCounts[]): void {
    this.#told = told
  }

  /** What the model wrote, where no running event tells it. */
  wrote(text: string): void {
    if (this.#tally.calls === 0) this.#written.add(text)
  }

  #takeText(line: Buffer): void {
    const counts = countsInLine(this.#profile, line)
    if (counts !== null) this.#tally.add(counts)
    else if (this.#profile.uses_tokens) this.#written.add(line.toString('utf8'))
  }

  #takeEvent(line: Buffer): void {
    const event = parseObject(line.toString('utf8'))
    if (event === null) return
    const { output } = this.#profile.cli
    if (output.usage_event_type !== undefined && !output.aggregate_tokens && event.type === output.usage_event_type) {
      const counts = countsAt(event, output)
      if (counts === null) return
      // Told more than once, as by a run of several turns: what is less than before is no total.
      const before = this.#told[0]?.counts ?? null
      this.#told = [{ model: modelIn(event, output.model_path), counts: before ? highestCounts(before, counts) : counts }]
      this.#wentOn = false
      return
    }
    const { calls } = this.#tally
    this.#tally.take(event)
    this.#written.add(this.#tally.takeText())
    if (this.#tally.calls > calls) this.#wentOn = true
  }

  /**
   * The best figure there is; null for a program without a model behind it.
   * @param ended the program ended as it should: what it told is all there is
   * @param guess whether to estimate where it told nothing
   */
  async usage(ended: boolean, guess = true): Promise<Usage | null> {
    const told = this.#usageTold()
    if (told !== null && (ended || !this.#wentOn)) return told
    const seen = await this.#usageSeen(ended, guess)
    return told !== null && (seen === null || allTokens(told) > allTokens(seen)) ? told : seen
  }

  #usageTold(): Usage | null {
    const { name } = this.#profile
    const { price } = this.#context
    const usages = this.#told.map(({ model, counts }) =>
      price(usageFrom(this.#profile, counts, 'exact', `result of ${name}`), model ?? this.model),
    )
    const [first, ...more] = usages
    return first === undefined ? null : more.reduce(addUsage, first)
  }

  async #usageSeen(ended: boolean, guess: boolean): Promise<Usage | null> {
    const { name, uses_tokens } = this.#profile
    const { price } = this.#context
    const counts = this.#tally.sum()
    if (counts !== null) {
      const figures = usageFrom(this.#profile, counts, this.#confidence(ended), `messages of ${name}`)
      return price(this.#tally.mayBePlaceholders ? atLeast(figures, await this.#least()) : figures, this.model)
    }
    if (!guess || !uses_tokens) return null
    const least = await this.#least()
    const source = `prompt and text of ${name}, counted`
    return price({ ...least, costUsd: null, confidence: 'estimate', source }, this.model)
  }

  /** Events that make up the whole run are its result once it has ended; lines of plain output round their figures. */
  #confidence(ended: boolean): Confidence {
    const { output } = this.#profile.cli
    if (this.#isCut || this.#tally.mayBePlaceholders) return 'live'
    return ended && output.format === 'jsonl' && output.live === undefined ? 'exact' : 'reported'
  }

  async #least() {
    this.#promptTokens ??= await countTokens(await readFile(this.#context.promptFile, 'utf8').catch(() => ''))
    const written = await this.#written.tokens()
    return leastUsage({ prompt: this.#promptTokens, written, calls: this.#tally.calls })
  }
}

/** The line that stands where a log was cut. */
export const isMark = (line: Buffer): boolean => line.length === markBytes - 2 && leftOutAt(Buffer.from(`\n${line}\n`)) !== null
