import { Button } from '../../components/button.tsx'
import { modKeys } from '../../lib/keys.ts'
import { useApp, useAppState } from '../../state/app-context.ts'
import { QUITTING } from '../jobs/actions-of.ts'

export function OpenScoreButton() {
  const { bridge, commands } = useApp()
  const isQuitting = useAppState((state) => state.quitting !== null)
  return (
    <Button
      kind="primary"
      label="Open score…"
      keys={modKeys(bridge.platform, 'O')}
      hint={isQuitting ? QUITTING : undefined}
      busy={isQuitting}
      onPress={() => void commands.openScore()}
    />
  )
}
