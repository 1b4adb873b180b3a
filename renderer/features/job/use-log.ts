import { useCallback, useEffect, useRef, useState } from 'react'
import type { CallInput, LogWindow, Problem } from '../../../preload/contract.ts'
import { ask } from '../../app/bridge.ts'
import { createRefresher } from '../../lib/refresher.ts'
import { useApp } from '../../state/app-context.ts'
import { useVisible } from '../../state/clock.ts'

/** Lines held at once; nothing else of a log is ever in the window. */
const WINDOW = 600
/** Lines fetched above the first one in view. */
const AHEAD = 200
/** A newer attempt of the sheet may have begun, whose log nobody tells of. */
const LOOK_MS = 5000

export interface LogTarget {
  readonly jobId: string
  readonly sheet: number
  /** 0 = the newest. */
  readonly attempt: number
  readonly stream: 'stdout' | 'stderr'
}

export interface Log {
  readonly window: LogWindow | null
  readonly problem: Problem | null
  /** The view goes with the end of the log. */
  readonly following: boolean
  setFollowing(following: boolean): void
  /** These lines (from 1, inclusive) are in view and should be held. */
  show(first: number, last: number): void
  reload(): void
}

/**
 * Reads a log in windows of lines. While `live`, followed and in sight, it asks for the end whenever the log has grown;
 * when the writing ends it asks once more, so that the last lines are never missed.
 */
export function useLog({ jobId, sheet, attempt, stream }: LogTarget, live: boolean): Log {
  const { bridge } = useApp()
  const visible = useVisible()
  const [state, setState] = useState<{ window: LogWindow | null; problem: Problem | null }>({ window: null, problem: null })
  const [following, setFollowing] = useState(true)
  const wanted = useRef<Pick<CallInput<'logs.window'>, 'from' | 'count'>>({ from: -WINDOW, count: WINDOW })
  const held = useRef<LogWindow | null>(null)
  const load = useRef<() => void>(() => undefined)

  useEffect(() => {
    let left = false
    held.current = null
    wanted.current = { from: -WINDOW, count: WINDOW }
    setState({ window: null, problem: null })
    setFollowing(true)
    load.current = createRefresher(async () => {
      const answer = await ask(bridge, 'logs.window', { jobId, sheet, attempt, stream, ...wanted.current })
      if (left) return
      if (answer.ok) held.current = answer.value
      setState((before) => (answer.ok ? { window: answer.value, problem: null } : { ...before, problem: answer.problem }))
    })
    return () => {
      left = true
    }
  }, [bridge, jobId, sheet, attempt, stream])

  useEffect(() => {
    if (!following || !visible) return
    wanted.current = { from: -WINDOW, count: WINDOW }
    load.current()
    if (!live) return
    const target = { jobId, sheet, attempt, stream }
    const stopListening = bridge.on('logs.grew', () => load.current())
    void bridge.call('logs.follow', target)
    const timer = setInterval(() => {
      load.current()
      void bridge.call('logs.follow', target)
    }, LOOK_MS)
    return () => {
      clearInterval(timer)
      stopListening()
      void bridge.call('logs.follow', null)
    }
  }, [bridge, jobId, sheet, attempt, stream, live, following, visible])

  const show = useCallback((first: number, last: number) => {
    const window = held.current
    if (!window || (first >= window.from && last < window.from + window.lines.length)) return
    wanted.current = { from: Math.max(1, first - AHEAD), count: WINDOW }
    load.current()
  }, [])

  const reload = useCallback(() => load.current(), [])
  return { ...state, following, setFollowing, show, reload }
}
