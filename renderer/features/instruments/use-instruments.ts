import { useCallback, useEffect, useMemo, useState } from 'react'
import type { InstrumentStatus, Problem } from '../../../preload/contract.ts'
import { ask } from '../../app/bridge.ts'
import { createRefresher } from '../../lib/refresher.ts'
import { useApp, useAppState } from '../../state/app-context.ts'
import type { AppState } from '../../state/app-store.ts'

interface InstrumentsState {
  /** Null while they are on their way. */
  readonly instruments: readonly InstrumentStatus[] | null
  /** What went wrong when they were asked last. */
  readonly problem: Problem | null
}

/** The instruments: first what is known, then what each says of itself, and from then on what the jobs change about them. */
export function useInstruments() {
  const { bridge } = useApp()
  const [state, setState] = useState<InstrumentsState>({ instruments: null, problem: null })
  const [checking, setChecking] = useState(false)
  const news = useAppState(signatureOf)

  const load = useCallback(
    async (how: 'known' | 'ask') => {
      const answer = await ask(bridge, 'instruments.list', { how })
      setState((before) => (answer.ok ? { instruments: answer.value, problem: null } : { ...before, problem: answer.problem }))
    },
    [bridge],
  )
  const refresh = useMemo(() => createRefresher(() => load('known')), [load])
  const check = useCallback(async () => {
    setChecking(true)
    await load('ask')
    setChecking(false)
  }, [load])

  // biome-ignore lint/correctness/useExhaustiveDependencies: what the jobs tell is the news, not what is done with it
  useEffect(refresh, [refresh, news])
  useEffect(() => void check(), [check])

  return { ...state, checking, check, refresh }
}

/** Changes when something about a job does that may concern its instrument. */
function signatureOf({ projection }: AppState): string {
  return [...projection.jobs.values()]
    .map(({ id, version, running, limitWait }) => `${id} ${version} ${running.length} ${JSON.stringify(limitWait)}`)
    .join('\n')
}
