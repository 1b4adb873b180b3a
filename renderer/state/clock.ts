import { useSyncExternalStore } from 'react'

/** The present for everything that ticks: one timer for the whole window, once a second, only while someone looks. */
let current = Date.now()
let timer: ReturnType<typeof setInterval> | null = null
const listeners = new Set<() => void>()

function tick(): void {
  current = Date.now()
  for (const listener of listeners) listener()
}

function adjust(): void {
  const wanted = listeners.size > 0 && !document.hidden
  if (wanted && timer === null) {
    tick()
    timer = setInterval(tick, 1000)
  } else if (!wanted && timer !== null) {
    clearInterval(timer)
    timer = null
  }
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) document.addEventListener('visibilitychange', adjust)
  listeners.add(listener)
  adjust()
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) document.removeEventListener('visibilitychange', adjust)
    adjust()
  }
}

const stayStill = () => () => undefined

/** The present (epoch ms). Draws the component again each second while `ticking`; otherwise it is the time of drawing. */
export function useNow(ticking: boolean): number {
  const ticked = useSyncExternalStore(ticking ? subscribe : stayStill, () => current)
  return ticking ? ticked : Date.now()
}

/** Whether the window can be seen. */
export function useVisible(): boolean {
  return useSyncExternalStore(watchVisibility, () => !document.hidden)
}

function watchVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener)
  return () => document.removeEventListener('visibilitychange', listener)
}
