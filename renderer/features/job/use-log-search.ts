import { useEffect, useRef, useState } from 'react'
import type { LogHits } from '../../../preload/contract.ts'
import { ask } from '../../app/bridge.ts'
import { useApp } from '../../state/app-context.ts'
import type { LogTarget } from './use-log.ts'

/** Typing goes on after a pause shorter than this (ms). */
const TYPING_MS = 200

export type LogHit = LogHits['hits'][number]

export interface LogQuery {
  readonly text: string
  readonly regex: boolean
  readonly caseSensitive: boolean
}

interface Found {
  readonly hits: readonly LogHit[]
  /** Line to go on at, null when the log was searched to its end. */
  readonly next: number | null
  /** Of the hit in view. */
  readonly index: number
}

export interface LogSearch {
  readonly query: LogQuery
  setQuery(query: LogQuery): void
  /** Null while nothing was looked for, or the answer is on its way. */
  readonly found: Found | null
  readonly hit: LogHit | null
  readonly searching: boolean
  /** Why there is no answer, in words. */
  readonly problem: string | null
  /** To the next or previous hit, round at the ends; the last hit of a log that was not searched whole is not known. */
  go(by: 1 | -1): void
}

const NOTHING = { found: null, searching: false, problem: null }

/** Looks for a text in a log of any size. `live`: the log grows, and its new lines are looked through once its end is reached. */
export function useLogSearch({ jobId, sheet, attempt, stream }: LogTarget, live: boolean): LogSearch {
  const { bridge } = useApp()
  const [query, setQuery] = useState<LogQuery>({ text: '', regex: false, caseSensitive: false })
  const [state, setState] = useState<Pick<LogSearch, 'found' | 'searching' | 'problem'>>(NOTHING)
  /** Grows with every question; an answer to an older one is dropped. */
  const question = useRef(0)

  async function search(from: number, before: readonly LogHit[]): Promise<void> {
    question.current += 1
    const mine = question.current
    setState((state) => ({ ...state, searching: true }))
    const answer = await ask(bridge, 'logs.search', { jobId, sheet, attempt, stream, ...query, from })
    if (mine !== question.current) return
    if (!answer.ok) {
      const { message, remedy } = answer.problem
      setState({ ...NOTHING, problem: remedy ? `${message} ${remedy}` : message })
      return
    }
    const hits = [...before, ...answer.value.hits]
    // Nothing new after the last one: round to the first.
    const index = answer.value.hits.length > 0 ? before.length : 0
    setState({ found: { hits, next: answer.value.next, index }, searching: false, problem: null })
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: another log or another query is another search, and nothing else is
  useEffect(() => {
    question.current += 1
    setState(NOTHING)
    if (query.text === '') return
    const timer = setTimeout(() => void search(1, []), TYPING_MS)
    return () => clearTimeout(timer)
  }, [jobId, sheet, attempt, stream, query])

  function go(by: 1 | -1): void {
    const { found } = state
    const last = found?.hits.at(-1)
    if (!found || !last || state.searching) return
    const index = found.index + by
    const rest = found.next ?? (live ? last.line + 1 : null)
    if (index === found.hits.length && rest !== null) void search(rest, found.hits)
    else if (index === -1 && found.next !== null) return
    else setState({ ...state, found: { ...found, index: (index + found.hits.length) % found.hits.length } })
  }

  return { query, setQuery, ...state, hit: state.found?.hits[state.found.index] ?? null, go }
}
