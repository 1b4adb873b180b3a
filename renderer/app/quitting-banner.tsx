import { Button } from '../components/button.tsx'
import { plural } from '../lib/format.ts'
import { useApp, useAppState } from '../state/app-context.ts'

/** Fermata was told to quit and waits for what runs; here it can be taken back. */
export function QuittingBanner() {
  const { commands } = useApp()
  const sheets = useAppState((state) => state.quitting)
  if (sheets === null) return null
  const when = sheets === 0 ? '' : ` when ${plural(sheets, 'sheet')} ${sheets === 1 ? 'is' : 'are'} done`
  return (
    <div role="status" className="flex items-center gap-3 border-line border-b bg-accent-soft py-1.5 pr-[22px] pl-[22px]">
      <p className="min-w-0 flex-1">
        <span className="font-semibold">Quitting{when}…</span> <span className="text-dim">No other sheet starts.</span>
      </p>
      <Button label="Don’t quit" hint="Fermata stays; the jobs stay paused" onPress={() => void commands.stay()} />
    </div>
  )
}
