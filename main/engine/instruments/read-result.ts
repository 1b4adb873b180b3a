import { join } from 'node:path'
import type { Usage } from '../scheduling/state.ts'
import { classify, type Verdict } from './classify.ts'
import { modelOf, modelProfile } from './config.ts'
import { readFinalWord } from './final-word.ts'
import type { InstrumentProfile } from './profile.ts'
import { usageFrom } from './usage.ts'

export interface AttemptReading {
  readonly verdict: Verdict
  /** End of the instrument's answer, at most 50 000 characters. Not redacted. */
  readonly resultText: string
  /** Tokens and cost as the instrument tells them; null when it told none. */
  readonly usage: Usage | null
}

export interface ResultSource {
  /** Absolute path of the attempt's folder; `stdout` and `stderr` are read, either may be missing. */
  readonly folder: string
  /** As a shell tells it: 128 + n for signal n. */
  readonly exitStatus: number
  /** Epoch ms at which the attempt ended; times such as "resets 7pm" are counted from here. */
  readonly now: number
  /** The model the score asked for; its price counts where the instrument tells no cost. */
  readonly model?: string | null | undefined
}

/**
 * Reads the output of an attempt that has ended. Memory stays bounded whatever its size, and no content makes it fail.
 * @throws when the files are there but cannot be read.
 */
export async function readResult(profile: InstrumentProfile, source: ResultSource): Promise<AttemptReading> {
  const word = await readFinalWord(profile, join(source.folder, 'stdout'), join(source.folder, 'stderr'))
  const model = modelProfile(profile, modelOf(profile, { model: source.model }))
  return {
    verdict: classify(profile, word, source.exitStatus, source.now),
    resultText: word.text,
    usage: word.counts === null ? null : usageFrom(profile, word.counts, model),
  }
}
