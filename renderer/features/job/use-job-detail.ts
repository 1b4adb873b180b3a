import { useEffect, useRef, useState } from 'react'
import type { JobDetail, JobSummary, Problem } from '../../../preload/contract.ts'
import { ask } from '../../app/bridge.ts'
import { createRefresher } from '../../lib/refresher.ts'
import { useApp } from '../../state/app-context.ts'

interface DetailState {
  readonly detail: JobDetail | null
  readonly problem: Problem | null
}

/** A job's sheets, asked for again whenever the list hears news of the job; never twice at once. */
export function useJobDetail(jobId: string, summary: JobSummary | undefined): DetailState & { readonly reload: () => void } {
  const { bridge } = useApp()
  const [state, setState] = useState<DetailState>({ detail: null, problem: null })
  const refresh = useRef<() => void>(() => undefined)

  useEffect(() => {
    let left = false
    refresh.current = createRefresher(async () => {
      const answer = await ask(bridge, 'jobs.detail', { jobId })
      if (left) return
      // What was read before stays in view: old sheets are better than none.
      setState((before) => (answer.ok ? { detail: answer.value, problem: null } : { ...before, problem: answer.problem }))
    })
    return () => {
      left = true
    }
  }, [bridge, jobId])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new summary is the news that asks for new sheets
  useEffect(() => refresh.current(), [jobId, summary])

  return { ...state, reload: () => refresh.current() }
}
