import type { JobSummary } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { plural } from '../../lib/format.ts'
import { useApp, useAppState } from '../../state/app-context.ts'

/** A stop that did not stop everything says so, and what is left. */
export function Survivors({ job }: { readonly job: JobSummary }) {
  const { commands } = useApp()
  const busy = useAppState((state) => state.asked.get(job.id) === 'endSurvivors')
  const { survivors } = job
  if (survivors.length === 0) return null
  return (
    <section
      aria-label="Processes left over"
      className="flex shrink-0 items-center gap-3 border-line border-b bg-fail/8 px-[22px] py-2 text-sm"
    >
      <p className="min-w-0 flex-1 break-words font-medium text-fail select-text">
        {plural(survivors.length, 'process', 'processes')} could not be ended: {survivors.join(', ')}
      </p>
      <Button label={busy ? 'Ending…' : 'Try again'} busy={busy} onPress={() => void commands.endSurvivors(job.id)} />
    </section>
  )
}
