import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { useApp } from '../../state/app-context.ts'

interface TryButtonProps {
  readonly instrument: string
  readonly label: string
  readonly kind?: 'primary'
  readonly onDone?: () => void
}

/** Lets an instrument be used again, whatever kept it from that. */
export function TryButton({ instrument, label, kind, onDone }: TryButtonProps) {
  const { commands } = useApp()
  const [busy, setBusy] = useState(false)
  return (
    <Button
      label={label}
      kind={kind}
      busy={busy}
      hint="One sheet goes first; the others follow when it works"
      onPress={async () => {
        setBusy(true)
        await commands.retryInstrument(instrument)
        setBusy(false)
        onDone?.()
      }}
    />
  )
}
