import { digest, type Notice } from './notice.ts'

export interface Coalescer {
  add(notice: Notice): void
  dispose(): void
}

/** Notices shown one by one in a window of time; further ones are told together at its end. */
const AT_ONCE = 3
const WINDOW_MS = 10_000

/** Keeps a burst of news from burying the screen: passes three notices on in ten seconds, the rest as one. */
export function createCoalescer(show: (notice: Notice) => void): Coalescer {
  let shownAt: readonly number[] = []
  let held: Notice[] = []
  let timer: NodeJS.Timeout | undefined

  const pass = (notice: Notice, now: number): void => {
    shownAt = [...shownAt, now]
    show(notice)
  }
  const release = (): void => {
    timer = undefined
    const notices = held
    held = []
    pass(digest(notices), performance.now())
  }
  return {
    add(notice) {
      const now = performance.now()
      shownAt = shownAt.filter((at) => now - at < WINDOW_MS)
      if (!timer && shownAt.length < AT_ONCE) return pass(notice, now)
      held.push(notice)
      timer ??= setTimeout(release, WINDOW_MS - (now - (shownAt[0] ?? now)))
    },
    dispose() {
      clearTimeout(timer)
    },
  }
}
