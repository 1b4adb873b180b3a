import { join } from 'node:path'
import type { Usage } from '../scheduling/state.ts'
import { allTokens } from '../scheduling/usage.ts'
import { classify, type Verdict } from './classify.ts'
import { modelOf } from './config.ts'
import { readFinalWord } from './final-word.ts'
import type { InstrumentProfile } from './profile.ts'
import { RunningUsage } from './running-usage.ts'
import type { Price } from './usage.ts'

/** Characters of what was written that are counted; a longer text counts as that much of it does. */
const countedText = 2 * 1024 * 1024

export interface AttemptReading {
  readonly verdict: Verdict
  /** End of the instrument's answer, at most 50 000 characters. Not redacted. */
  readonly resultText: string
  /**
   * Tokens and cost as the instrument tells them, at its end or while it ran, else estimated. Null where nothing was used: by a
   * program without a model, or one that was refused before it told anything.
   */
  readonly usage: Usage | null
}

export interface UsageSource {
  /** Absolute path of the attempt's folder; `prompt`, `stdout` and `stderr` are read, any may be missing. */
  readonly folder: string
  /** The model the score asked for. */
  readonly model?: string | null | undefined
  /** Says what it cost where the instrument does not; without it that is unknown. */
  readonly price?: Price
  /** What was seen of it while it ran: counts where the output was cut since. */
  readonly seen?: Usage | null
}

export interface ResultSource extends UsageSource {
  /** As a shell tells it: 128 + n for signal n. */
  readonly exitStatus: number
  /** Epoch ms at which the attempt ended; times such as "resets 7pm" are counted from here. */
  readonly now: number
}

/**
 * Reads the output of an attempt that has ended. Memory stays bounded whatever its size, and no content makes it fail.
 * @throws when the files are there but cannot be read.
 */
export async function readResult(profile: InstrumentProfile, source: ResultSource): Promise<AttemptReading> {
  const running = runningUsage(profile, source)
  const word = await readFinalWord(profile, join(source.folder, 'stdout'), join(source.folder, 'stderr'), running)
  const verdict = classify(profile, word, source.exitStatus, source.now)
  const usage = await running.usage(verdict.kind === 'succeeded', !wasRefused(verdict))
  return { verdict, resultText: word.text, usage: better(usage, source.seen ?? null, running.isCut) }
}

/**
 * The end of an instrument's answer alone, at most 50 000 characters. Not redacted.
 * @throws when the files are there but cannot be read.
 */
export async function readAnswer(profile: InstrumentProfile, folder: string): Promise<string> {
  const usage = runningUsage(profile, { folder })
  return (await readFinalWord(profile, join(folder, 'stdout'), join(folder, 'stderr'), usage)).text
}

/**
 * What an attempt used that was stopped or lost before its end. Otherwise as {@link readResult}.
 * @throws when the files are there but cannot be read.
 */
export async function readUsage(profile: InstrumentProfile, source: UsageSource): Promise<Usage | null> {
  const running = runningUsage(profile, source)
  await readFinalWord(profile, join(source.folder, 'stdout'), join(source.folder, 'stderr'), running)
  return better(await running.usage(false), source.seen ?? null, running.isCut)
}

function runningUsage(profile: InstrumentProfile, { folder, model, price = (usage) => usage }: UsageSource): RunningUsage {
  const context = { promptFile: join(folder, 'prompt'), model: modelOf(profile, { model }), price }
  return new RunningUsage(profile, context, countedText)
}

/** What is gone from the output was there when it was seen. */
function better(usage: Usage | null, seen: Usage | null, isCut: boolean): Usage | null {
  if (!isCut || seen === null || usage?.confidence === 'exact') return usage
  return usage === null || allTokens(seen) > allTokens(usage) ? seen : usage
}

/** Nothing was bought by who was not let in. */
const wasRefused = (verdict: Verdict): boolean =>
  verdict.kind === 'rate_limited' || (verdict.kind === 'failed' && verdict.error.code === 'E502')
