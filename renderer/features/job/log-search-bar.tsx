import { CaseSensitive, ChevronDown, ChevronUp, Regex, X } from 'lucide-react'
import type { KeyboardEvent, Ref } from 'react'
import { Button } from '../../components/button.tsx'
import type { LogHit, LogSearch } from './use-log-search.ts'

interface LogSearchBarProps {
  readonly search: LogSearch
  readonly onClose: () => void
  readonly ref: Ref<HTMLInputElement>
}

/** Finds a text in the log: how often, where, and what stands there. */
export function LogSearchBar({ search, onClose, ref }: LogSearchBarProps) {
  const { query, setQuery, hit, problem, go } = search
  const toggle = (key: 'regex' | 'caseSensitive') => () => setQuery({ ...query, [key]: !query[key] })

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return
    go(event.shiftKey ? -1 : 1)
    event.preventDefault()
  }

  /** Wherever in the search the keyboard is: otherwise Escape would leave the page. */
  function onEscape(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    onClose()
    event.preventDefault()
  }

  return (
    <section aria-label="Search" onKeyDown={onEscape} className="shrink-0 border-line border-b py-1.5 pr-2 pl-4 text-sm">
      <div className="flex items-center gap-1">
        <input
          ref={ref}
          type="text"
          aria-label="Search the log"
          aria-invalid={problem !== null || undefined}
          aria-describedby="log-search-answer"
          placeholder="Search the log"
          spellCheck={false}
          value={query.text}
          onChange={(event) => setQuery({ ...query, text: event.target.value })}
          onKeyDown={onKeyDown}
          className="h-7 min-w-0 flex-1 rounded-md border border-line bg-bg px-2 font-mono select-text placeholder:font-sans placeholder:text-faint aria-invalid:border-fail"
        />
        <span
          id="log-search-answer"
          role="status"
          className="min-w-[76px] shrink-0 px-1 text-right text-dim whitespace-nowrap tabular-nums"
        >
          {countOf(search)}
        </span>
        <Button
          kind="quiet"
          icon={CaseSensitive}
          iconOnly
          label="Match case"
          pressed={query.caseSensitive}
          onPress={toggle('caseSensitive')}
        />
        <Button kind="quiet" icon={Regex} iconOnly label="Regular expression" pressed={query.regex} onPress={toggle('regex')} />
        <Button kind="quiet" icon={ChevronUp} iconOnly label="Previous hit" keys="Shift Enter" onPress={() => go(-1)} />
        <Button kind="quiet" icon={ChevronDown} iconOnly label="Next hit" keys="Enter" onPress={() => go(1)} />
        <Button kind="quiet" icon={X} iconOnly label="Close the search" keys="Esc" onPress={onClose} />
      </div>
      {problem !== null && (
        <p role="alert" className="pt-1 pr-1 text-fail break-words select-text">
          {problem}
        </p>
      )}
      {hit && <Snippet hit={hit} />}
    </section>
  )
}

/** The hit itself: an agent's event is shown shortly in the log, and what was looked for may not be in that. */
function Snippet({ hit: { line, text, start, end } }: { readonly hit: LogHit }) {
  return (
    <p className="flex gap-2 pt-1 pr-1">
      <span className="shrink-0 text-faint tabular-nums">line {line.toLocaleString('en-US')}</span>
      <span className="truncate font-mono text-dim select-text">
        {start > SHOWN_BEFORE ? '…' : ''}
        {text.slice(Math.max(0, start - SHOWN_BEFORE), start)}
        <mark className="rounded-[3px] bg-accent-soft text-accent">{text.slice(start, end)}</mark>
        {text.slice(end)}
      </span>
    </p>
  )
}

/** Characters of a line before the hit, so that the hit itself is never cut off. */
const SHOWN_BEFORE = 24

function countOf({ query, found, searching }: LogSearch): string {
  if (query.text === '') return ''
  if (searching) return 'Searching…'
  if (!found) return ''
  const { hits, index, next } = found
  if (hits.length === 0) return 'No hits'
  return `${index + 1} of ${hits.length}${next === null ? '' : '+'}`
}
