import type { Notice, ShowNotice } from '../../engine/index.ts'
import { digest } from './digest.ts'

export interface Coalescer {
  /** Answers as soon as it was shown, by itself or together with others: null, else why not. */
  readonly add: ShowNotice
  dispose(): void
}

interface Held {
  readonly notice: Notice
  readonly answer: (why: string | null) => void
}

/** Notices shown one by one in a window of time; further ones are told together at its end. */
const AT_ONCE = 3
const WINDOW_MS = 10_000

/** Keeps a burst of news from burying the screen: passes three notices on in ten seconds, the rest as one. */
export function createCoalescer(show: ShowNotice): Coalescer {
  let shownAt: readonly number[] = []
  let held: Held[] = []
  let timer: NodeJS.Timeout | undefined

  const pass = (notice: Notice, now: number): Promise<string | null> => {
    shownAt = [...shownAt, now]
    return show(notice)
  }
  const release = (): void => {
    timer = undefined
    const waiting = held
    held = []
    const shown = pass(digest(waiting.map(({ notice }) => notice)), performance.now())
    void shown.then((why) => {
      for (const { answer } of waiting) answer(why)
    })
  }
  return {
    add(notice) {
      const now = performance.now()
      shownAt = shownAt.filter((at) => now - at < WINDOW_MS)
      if (!timer && shownAt.length < AT_ONCE) return pass(notice, now)
      timer ??= setTimeout(release, WINDOW_MS - (now - (shownAt[0] ?? now)))
      return new Promise((answer) => held.push({ notice, answer }))
    },
    dispose() {
      clearTimeout(timer)
      for (const { answer } of held.splice(0)) answer(null)
    },
  }
}
