import { join } from 'node:path'
import { modelOf } from '../instruments/config.ts'
import type { InstrumentProfile } from '../instruments/profile.ts'
import { RunningUsage } from '../instruments/running-usage.ts'
import type { Price } from '../instruments/usage.ts'
import type { Usage } from '../scheduling/state.ts'
import { LogTail } from './log-tail.ts'

/** Characters of its text that are counted at a look. */
const countedText = 256 * 1024
/** Events in a row without the figures they should hold. */
const mostUnreadable = 3
/** So long it may print without telling figures, in ms: a tool that works for long tells none meanwhile. */
const longestQuiet = 10 * 60_000
/** Of the time between two prints as much counts as quiet, in ms: it, or the computer, may have stood still. */
const longestPause = 60_000
/** Bytes it prints meanwhile; who never told anything is given no more than the time. */
const mostQuietBytes = 256 * 1024

/** What is known of the usage of a running attempt. */
export interface MeterReading {
  /** Null while nothing is known, and for a program without a model behind it. */
  readonly usage: Usage | null
  /** Events with figures so far. */
  readonly events: number
  /** How the figures come: while it runs, at its end only (until then they are estimated), or never. */
  readonly source: 'live' | 'at_end' | 'estimate'
  /** Since when figures should have come and did not, or cannot be read (epoch ms). */
  readonly brokenSince: number | null
  /** The model the program names, else the one that was asked for. */
  readonly model: string | null
  /** There is more to read already: another look should follow at once. */
  readonly isBehind: boolean
}

export interface MeterParts {
  readonly profile: InstrumentProfile
  /** Absolute path of the attempt's folder. */
  readonly folder: string
  /** The model the score asked for. */
  readonly model: string | null
  readonly price: Price
  /** Epoch ms. */
  now(): number
}

export interface Meter {
  /**
   * Reads what the attempt printed since the last look, at first from its beginning; 8 MB at most. The very same reading
   * when nothing has changed. Looks are carried out one by one, and never reject.
   */
  look(): Promise<MeterReading>
}

/** Follows what one attempt uses. Nothing has to be closed. */
export function createMeter({ profile, folder, model, price, now }: MeterParts): Meter {
  const context = { promptFile: join(folder, 'prompt'), model: modelOf(profile, { model }), price }
  const begin = () => new RunningUsage(profile, context, countedText)
  const log = new LogTail(join(folder, 'stdout'))
  let running = begin()
  let reading: MeterReading | null = null
  let work: Promise<unknown> = Promise.resolve()

  /** When figures came last, or it began. */
  let figuresAt = now()
  let printedAt = figuresAt
  let quietMs = 0
  let quietBytes = 0
  let failedAt: number | null = null

  async function read(): Promise<MeterReading> {
    const { events } = running
    let bytes = 0
    let isBehind = false
    try {
      const growth = await log.read((lines) => running.take(lines))
      if (growth.isOther) running = begin()
      if (growth.missed) running.cut()
      bytes = growth.bytes
      isBehind = growth.isBehind
      failedAt = null
    } catch {
      failedAt ??= now()
    }
    if (running.events !== events) tell()
    else if (bytes > 0) stayQuiet(bytes)
    const brokenSince = broken()
    if (reading !== null && bytes === 0 && brokenSince === reading.brokenSince && !reading.isBehind) return reading
    reading = {
      usage: await running.usage(false),
      events: running.events,
      source: running.source,
      brokenSince,
      model: running.model,
      isBehind,
    }
    return reading
  }

  function tell(): void {
    figuresAt = now()
    printedAt = figuresAt
    quietMs = 0
    quietBytes = 0
  }

  function stayQuiet(bytes: number): void {
    const at = now()
    quietMs += Math.min(Math.max(0, at - printedAt), longestPause)
    quietBytes += bytes
    printedAt = at
  }

  function broken(): number | null {
    if (failedAt !== null) return failedAt
    if (running.source !== 'live') return null
    const isUnreadable = running.unreadable >= mostUnreadable
    const isSilent = quietMs >= longestQuiet && (running.events === 0 || quietBytes >= mostQuietBytes)
    return isUnreadable || isSilent ? figuresAt : null
  }

  return {
    look() {
      const look = work.then(read)
      work = look.catch(() => {})
      return look
    },
  }
}
