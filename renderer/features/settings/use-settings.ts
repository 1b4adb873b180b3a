import { useCallback, useEffect, useState } from 'react'
import type { Problem, Settings } from '../../../preload/contract.ts'
import { ask } from '../../app/bridge.ts'
import { useApp } from '../../state/app-context.ts'

interface SettingsState {
  /** Null while they are on their way. */
  readonly settings: Settings | null
  readonly problem: Problem | null
}

/** The settings as they are kept, and a way to change one: what is refused is answered with its problem. */
export function useSettings(): SettingsState & {
  readonly reload: () => void
  readonly change: (patch: Partial<Settings>) => Promise<Problem | null>
} {
  const { bridge } = useApp()
  const [state, setState] = useState<SettingsState>({ settings: null, problem: null })

  const reload = useCallback(async () => {
    const answer = await ask(bridge, 'settings.get', null)
    setState(answer.ok ? { settings: answer.value, problem: null } : { settings: null, problem: answer.problem })
  }, [bridge])

  useEffect(() => {
    void reload()
    // Whoever comes back may have written the file by hand.
    const onReturn = () => void reload()
    window.addEventListener('focus', onReturn)
    return () => window.removeEventListener('focus', onReturn)
  }, [reload])

  const change = useCallback(
    async (patch: Partial<Settings>) => {
      const answer = await ask(bridge, 'settings.change', patch)
      if (!answer.ok) return answer.problem
      setState({ settings: answer.value, problem: null })
      return null
    },
    [bridge],
  )

  return { ...state, reload, change }
}
