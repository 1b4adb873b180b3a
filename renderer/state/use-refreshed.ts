import { useEffect, useRef, useState } from 'react'
import type { CallInput, CallName, CallOutput, Problem } from '../../preload/contract.ts'
import { ask } from '../app/bridge.ts'
import { createRefresher } from '../lib/refresher.ts'
import { useApp } from './app-context.ts'

interface Refreshed<T> {
  /** The last answer; null before the first. */
  readonly value: T | null
  /** Why the last question was not answered; an older answer stays in view. */
  readonly problem: Problem | null
}

/**
 * What Fermata answers to a question, asked anew when somebody comes back to the window and, at most every `everyMs`, when jobs
 * have changed. Nothing is asked while nothing happens or nobody looks.
 */
export function useRefreshed<N extends CallName>(
  name: N,
  input: () => CallInput<N>,
  everyMs: number,
): Refreshed<CallOutput<N>> & { readonly reload: () => void } {
  const { bridge, store } = useApp()
  const [state, setState] = useState<Refreshed<CallOutput<N>>>({ value: null, problem: null })
  const latest = useRef(input)
  latest.current = input
  const refresh = useRef<() => void>(() => undefined)

  useEffect(() => {
    let left = false
    let timer: ReturnType<typeof setTimeout> | null = null
    refresh.current = createRefresher(async () => {
      const answer = await ask(bridge, name, latest.current())
      if (left) return
      setState((before) => (answer.ok ? { value: answer.value, problem: null } : { ...before, problem: answer.problem }))
    })
    const now = () => {
      if (!document.hidden) refresh.current()
    }
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = null
        now()
      }, everyMs)
    }
    refresh.current()
    const unsubscribe = store.subscribe((current, before) => {
      if (current.projection !== before.projection) soon()
    })
    window.addEventListener('focus', now)
    document.addEventListener('visibilitychange', now)
    return () => {
      left = true
      if (timer !== null) clearTimeout(timer)
      unsubscribe()
      window.removeEventListener('focus', now)
      document.removeEventListener('visibilitychange', now)
    }
  }, [bridge, store, name, everyMs])

  return { ...state, reload: () => refresh.current() }
}
