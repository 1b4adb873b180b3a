import type { SheetView } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { useApp, useAppState } from '../../state/app-context.ts'

interface SheetDecisionProps {
  readonly jobId: string
  readonly sheet: SheetView
}

/** A fermata: the sheet waits until a person decides what becomes of it. */
export function SheetDecision({ jobId, sheet }: SheetDecisionProps) {
  const { commands } = useApp()
  const busy = useAppState((state) => state.asked.has(jobId))
  if (sheet.status !== 'fermata') return null
  const begun = sheet.attempts > 0
  const decide = (decision: 'accept' | 'retry' | 'skip' | 'fail') => () => void commands.decide(jobId, sheet.number, decision)
  return (
    <section aria-label="Your decision" className="shrink-0 border-line border-b bg-wait/8 px-4 py-3 text-sm">
      <p className="mb-2.5 font-medium break-words select-text">{sheet.reason ?? 'This sheet waits for your decision.'}</p>
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" label={begun ? 'Run again' : 'Let it start'} busy={busy} onPress={decide('retry')} />
        {begun && <Button label="Accept as done" busy={busy} onPress={decide('accept')} />}
        <Button label="Leave out" busy={busy} onPress={decide('skip')} />
        <Button kind="danger" label="Fail" busy={busy} onPress={decide('fail')} />
      </div>
    </section>
  )
}
