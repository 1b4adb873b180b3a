import { Button } from '../../components/button.tsx'
import { modKeys } from '../../lib/keys.ts'
import { useApp } from '../../state/app-context.ts'

export function OpenScoreButton() {
  const { bridge, commands } = useApp()
  return (
    <Button kind="primary" label="Open score…" keys={modKeys(bridge.platform, 'O')} onPress={() => void commands.openScore()} />
  )
}
