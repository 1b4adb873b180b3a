import { ArrowDownToLine, Braces, Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { JobSummary, SheetView } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { Failed } from '../../components/failed-part.tsx'
import { readAgentLine } from '../../lib/agent-line.ts'
import { formatBytes, formatDay, plural } from '../../lib/format.ts'
import { modKeys } from '../../lib/keys.ts'
import { isSheetRunning } from '../../lib/status.ts'
import { useApp } from '../../state/app-context.ts'
import { LogLines } from './log-lines.tsx'
import { LogSearchBar } from './log-search-bar.tsx'
import { LogTabs, type Stream } from './log-tabs.tsx'
import { SheetBudget } from './sheet-budget.tsx'
import { SheetDecision } from './sheet-decision.tsx'
import { SheetProblem } from './sheet-problem.tsx'
import { SheetStrip } from './sheet-strip.tsx'
import { useLog } from './use-log.ts'
import { useLogSearch } from './use-log-search.ts'

interface LogPanelProps {
  readonly job: JobSummary
  readonly sheet: SheetView
}

/** The chosen sheet: whether it lives, what can be done about it, and what it printed. */
export function LogPanel({ job, sheet }: LogPanelProps) {
  const { bridge } = useApp()
  const [stream, setStream] = useState<Stream>('stdout')
  /** Null: the newest, also when a newer one begins. */
  const [chosen, setChosen] = useState<number | null>(null)
  const [raw, setRaw] = useState(false)
  // What is frozen writes nothing.
  const live = isSheetRunning(sheet.status) && job.frozen === null && (chosen === null || chosen === sheet.attempts)
  // The newest attempt's number belongs to the target: a new attempt is another log.
  const target = { jobId: job.id, sheet: sheet.number, attempt: chosen ?? sheet.attempts, stream }
  const log = useLog(target, live)
  const search = useLogSearch(target, live)
  const [searchOpen, setSearchOpen] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const panel = useRef<HTMLElement>(null)
  const spoken = log.window?.lines.some((line) => readAgentLine(line) !== null) ?? false

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'f') return
      event.preventDefault()
      setSearchOpen(true)
      field.current?.select()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  useEffect(() => {
    if (searchOpen) field.current?.focus()
  }, [searchOpen])

  function closeSearch(): void {
    setSearchOpen(false)
    search.setQuery({ ...search.query, text: '' })
    panel.current?.querySelector<HTMLElement>('[role=log]')?.focus()
  }

  return (
    <section ref={panel} aria-label={`Log of sheet ${sheet.number}`} className="flex min-h-0 min-w-0 flex-col bg-card">
      <SheetStrip job={job} sheet={sheet} />
      <SheetBudget job={job} sheet={sheet.number} />
      <header className="flex h-[42px] shrink-0 items-center gap-1.5 border-line border-b pr-2 pl-4 text-sm">
        <LogTabs stream={stream} onChange={setStream} />
        {sheet.attempts > 1 && <AttemptSelect count={sheet.attempts} chosen={chosen} onChoose={setChosen} />}
        <span className="ml-auto hidden min-w-0 truncate pr-1 text-faint tabular-nums wide:block">
          {log.window &&
            log.window.totalLines > 0 &&
            `${plural(log.window.totalLines, 'line')} · ${formatBytes(log.window.sizeBytes)}`}
        </span>
        <span className="ml-auto wide:hidden" />
        {spoken && <Button kind="quiet" icon={Braces} iconOnly label="Raw lines" pressed={raw} onPress={() => setRaw(!raw)} />}
        <Button
          kind="quiet"
          icon={Search}
          iconOnly
          label="Search the log"
          keys={modKeys(bridge.platform, 'F')}
          pressed={searchOpen}
          onPress={() => (searchOpen ? closeSearch() : setSearchOpen(true))}
        />
        <Button
          kind="quiet"
          icon={ArrowDownToLine}
          label={log.following ? 'Following' : 'Follow the end'}
          keys="End"
          pressed={log.following}
          onPress={() => log.setFollowing(!log.following)}
        />
      </header>
      {searchOpen && <LogSearchBar ref={field} search={search} onClose={closeSearch} />}
      <SheetDecision jobId={job.id} sheet={sheet} />
      <SheetProblem sheet={sheet} />
      <div role="tabpanel" id="log" aria-labelledby={`log-${stream}`} className="flex min-h-0 flex-1 flex-col">
        {log.window === null && log.problem ? (
          <Failed title="The log could not be read" message={log.problem.message} onRetry={log.reload} />
        ) : log.window && log.window.removedAt !== null ? (
          <p className="m-auto max-w-[360px] p-6 text-center text-balance text-faint">
            Removed on {formatDay(log.window.removedAt)} to save space. The settings say how long output is kept.
          </p>
        ) : log.window?.isGone ? (
          <p className="m-auto p-6 text-center text-faint">Its output is not there any more: somebody has deleted it.</p>
        ) : log.window && log.window.totalLines === 0 ? (
          <p className="m-auto p-6 text-center text-faint">{silence(sheet, stream)}</p>
        ) : (
          log.window && <LogLines log={log} window={log.window} raw={raw} hit={searchOpen ? search.hit : null} />
        )}
      </div>
    </section>
  )
}

interface AttemptSelectProps {
  readonly count: number
  readonly chosen: number | null
  readonly onChoose: (attempt: number | null) => void
}

function AttemptSelect({ count, chosen, onChoose }: AttemptSelectProps) {
  return (
    <select
      aria-label="Attempt"
      value={chosen ?? count}
      onChange={(event) => onChoose(Number(event.target.value) === count ? null : Number(event.target.value))}
      className="ml-2 h-[26px] rounded-md border border-line bg-card px-1.5 font-medium text-dim hover:border-line-strong"
    >
      {Array.from({ length: count }, (_, index) => index + 1).map((attempt) => (
        <option key={attempt} value={attempt}>
          Attempt {attempt} of {count}
        </option>
      ))}
    </select>
  )
}

function silence(sheet: SheetView, stream: Stream): string {
  if (sheet.status === 'fermata') return 'Its output will stand here.'
  if (sheet.attempts === 0) return sheet.reason ?? 'This sheet has not begun.'
  if (isSheetRunning(sheet.status)) return stream === 'stdout' ? 'No output yet.' : 'No errors so far.'
  return stream === 'stdout' ? 'It ended without any output.' : 'Nothing was written to the error output.'
}
