import type { JobSummary, SheetView } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { formatAgo, formatClock } from '../../lib/format.ts'
import { loadOf, processesText, stallOf, stallText, usageFacts } from '../../lib/liveness.ts'
import { type Attempt, faceOfSheet, isLively, type Role } from '../../lib/status.ts'
import { useApp, useAppState } from '../../state/app-context.ts'
import { useNow } from '../../state/clock.ts'

interface SheetStripProps {
  readonly job: JobSummary
  readonly sheet: SheetView
}

/** Whether the chosen sheet's process lives and what it uses, or why the sheet waits; and what can be done about it. */
export function SheetStrip({ job, sheet }: SheetStripProps) {
  const attempt = job.running.find((one) => one.sheet === sheet.number)
  // A held sheet has its own question; a done one leaves nothing to say.
  if (sheet.status === 'fermata' || (!attempt && !sheet.can.retry && !sheet.can.skip && sheet.reason === null)) return null
  return (
    <section
      aria-label={`Sheet ${sheet.number}`}
      className="flex min-h-[46px] shrink-0 items-center gap-3 border-line border-b py-1.5 pr-2 pl-4 text-sm"
    >
      <div className="min-w-0 flex-1 select-text">
        {attempt ? <Liveness job={job} attempt={attempt} /> : <p className="line-clamp-2 text-dim">{sheet.reason ?? ''}</p>}
        {attempt && sheet.reason !== null && <p className="line-clamp-2 text-wait">{sheet.reason}</p>}
      </div>
      <SheetActions jobId={job.id} sheet={sheet} runs={attempt !== undefined} />
    </section>
  )
}

const WORDS: Readonly<Record<Attempt['phase'], string>> = {
  starting: 'Starting: its process is not there yet',
  running: 'Alive',
  frozen: 'Frozen',
  stopping: 'Ending: it was told to end',
  checking: 'Ended: its work is being checked',
}

/** Liveness is its own fact: what the processes do, whatever the status says. */
function Liveness({ job, attempt }: { readonly job: JobSummary; readonly attempt: Attempt }) {
  const now = useNow(true)
  const { phase, startedAt, lastOutputAt, pid } = attempt
  const load = loadOf([attempt])
  const { role } = faceOfSheet('in_progress', attempt)
  const stall = job.frozen ? null : stallOf(attempt, now)
  const frozenSince = phase === 'frozen' && job.frozen ? formatClock(job.frozen.since, now) : null
  const facts = [
    phase === 'running' ? `since ${formatClock(startedAt, now)}` : frozenSince && `since ${frozenSince}`,
    phase === 'running' && (lastOutputAt === null ? 'no output yet' : `last output ${formatAgo(now - lastOutputAt)}`),
    ...(load && phase !== 'checking' ? [processesText(load), ...usageFacts(load)] : []),
    pid !== null && phase !== 'checking' && `pid ${pid}`,
  ].filter((fact) => typeof fact === 'string')
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2 tabular-nums">
        <StatusDot role={lookOf(role, phase)} live={!job.frozen && isLively(attempt, now)} />
        <span className="font-semibold">{WORDS[phase]}</span>
        {facts.map((fact) => (
          <span key={fact} className="whitespace-nowrap text-dim">
            {fact}
          </span>
        ))}
      </p>
      {stall && <p className="mt-0.5 font-medium text-wait">{stallText(stall, now)}</p>}
    </>
  )
}

const lookOf = (role: Role, phase: Attempt['phase']): Role => (phase === 'checking' || phase === 'starting' ? 'idle' : role)

interface SheetActionsProps {
  readonly jobId: string
  readonly sheet: SheetView
  /** Its attempt would be ended: that is asked before. */
  readonly runs: boolean
}

function SheetActions({ jobId, sheet: { number: sheet, status, can }, runs }: SheetActionsProps) {
  const { commands, store } = useApp()
  const busy = useAppState((state) => state.asked.has(jobId))
  const waits = status === 'waiting' || status === 'retry_scheduled'
  const act = (action: 'retry' | 'skip') => () =>
    runs ? store.openDialog({ kind: 'sheet', jobId, sheet, action }) : void commands.onSheet(jobId, sheet, action)
  return (
    <div className="flex shrink-0 gap-1.5">
      {can.retry && (
        <Button
          label={runs ? 'Run again…' : waits ? 'Run now' : 'Run again'}
          hint={waits && !runs ? 'Run now: does not wait any longer' : 'Run again: from its beginning, with all its tries'}
          busy={busy}
          onPress={act('retry')}
        />
      )}
      {can.skip && (
        <Button
          label={runs ? 'Leave out…' : 'Leave out'}
          hint="Leave out: what depends on this sheet goes on without it"
          busy={busy}
          onPress={act('skip')}
        />
      )}
    </div>
  )
}
