import type { Disposer } from '../../engine/index.ts'

/** Lets the engine sample CPU and memory while, and only while, the window can be seen: sampling costs. */
export function observeWhileSeen(observe: () => Disposer): (seen: boolean) => void {
  let stop: Disposer | null = null
  return (seen) => {
    if (seen) stop ??= observe()
    else {
      stop?.()
      stop = null
    }
  }
}
