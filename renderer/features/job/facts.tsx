import type { JobSummary, SheetView } from '../../../preload/contract.ts'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { forecastText } from '../../lib/forecast.ts'
import { formatAgo, formatBytes, formatClock, formatDuration, formatSpan, NONE, plural } from '../../lib/format.ts'
import { loadOf, processesText, usageFacts } from '../../lib/liveness.ts'
import { elapsed, lastOutput } from '../../lib/status.ts'
import { useNow } from '../../state/clock.ts'
import { Fact } from './fact.tsx'
import { Spending } from './spending.tsx'

interface FactsProps {
  readonly job: JobSummary
  readonly sheets: readonly SheetView[]
}

/** How far, how long, how much, and whether it lives. */
export function Facts({ job, sheets }: FactsProps) {
  const now = useNow(job.running.length > 0)
  const spent = elapsed(job, now)
  const forecast = forecastText(job.forecast)
  const process = processOf(job, now)
  return (
    <div className="border-line border-b px-[22px] py-[14px]">
      <dl className="grid grid-cols-[1.15fr_0.9fr_1.1fr_0.85fr_1.15fr] gap-x-5">
        <Fact name="Progress" value={`${job.completedSheets} of ${plural(job.totalSheets, 'sheet')}`} small={triesOf(sheets)}>
          <div className="mt-1.5 mb-1">
            <ProgressBar statuses={job.sheetStatuses} label={`Progress of ${job.name}`} frozen={job.frozen !== null} />
          </div>
        </Fact>
        <Fact name="Time" value={spent === null ? NONE : formatDuration(spent)} small={spanOf(job, now)} />
        <Spending job={job} />
        <Fact name="Process" value={process.word} small={process.more} />
      </dl>
      {forecast && <p className="mt-1.5 text-dim text-sm tabular-nums select-text">{forecast}</p>}
    </div>
  )
}

function triesOf(sheets: readonly SheetView[]): string {
  const count = (test: (sheet: SheetView) => boolean) => sheets.filter(test).length
  const parts = [
    [count((sheet) => sheet.status === 'completed' && sheet.attempts === 1), 'at first try'],
    [count((sheet) => sheet.attempts > 1), 'tried again'],
    [count((sheet) => sheet.status === 'failed'), 'failed'],
    [count((sheet) => sheet.status === 'skipped'), 'skipped'],
  ] as const
  return parts
    .filter(([number]) => number > 0)
    .map(([number, what]) => `${number} ${what}`)
    .join(', ')
}

function spanOf(job: JobSummary, now: number): string {
  if (job.startedAt === null) return `queued ${formatClock(job.createdAt, now)}`
  return job.completedAt === null ? `since ${formatClock(job.startedAt, now)}` : formatSpan(job.startedAt, job.completedAt, now)
}

/** Liveness is its own fact: what the processes do, whatever the status says. Each one's own figures stand by its log. */
function processOf(job: JobSummary, now: number): { word: string; more: string } {
  const [first] = job.running
  const { survivors } = job
  if (survivors.length > 0)
    return {
      word: `${survivors.length} left over`,
      more: `${plural(survivors.length, 'process', 'processes')} could not be ended${first ? ', beside what runs' : ''}`,
    }
  if (!first) return { word: 'None', more: 'nothing of this job runs' }
  const output = lastOutput(job)
  const said = output === null ? 'no output yet' : `last output ${formatAgo(now - output)}`
  const load = loadOf(job.running)
  if (first.phase === 'frozen')
    return {
      word: 'Frozen',
      more: load ? `${processesText(load)}, ${formatBytes(load.memoryBytes)}` : 'its processes stand still',
    }
  if (first.phase === 'starting') return { word: 'Starting', more: 'its process is not there yet' }
  if (first.phase === 'checking') return { word: 'Ended', more: `its work is being checked, ${said}` }
  if (first.phase === 'stopping') return { word: 'Ending', more: 'it was told to end' }
  const count = job.running.length
  return { word: count > 1 ? `${count} alive` : 'Alive', more: [said, ...(load ? usageFacts(load) : [])].join(', ') }
}
