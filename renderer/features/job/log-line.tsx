import { memo } from 'react'
import { type AgentLine, readAgentLine } from '../../lib/agent-line.ts'
import { readAnsi, type Span } from '../../lib/ansi.ts'

/** Characters drawn of one line; the rest shows when the line is opened. */
const CLIP = 1000

const AGENT: Readonly<Record<AgentLine['tone'], string>> = {
  text: 'text-text',
  tool: 'text-run',
  note: 'text-faint',
  ok: 'text-ok',
  fail: 'text-fail',
}
const TERMINAL: Readonly<Record<Span['tone'], string>> = {
  text: '',
  dim: 'text-faint',
  run: 'text-run',
  ok: 'text-ok',
  wait: 'text-wait',
  pause: 'text-pause',
  fail: 'text-fail',
}

interface LogLineProps {
  readonly number: number
  /** Undefined while it is on its way. */
  readonly text: string | undefined
  readonly raw: boolean
  /** Offset from the log's top, px. */
  readonly top: number
  /** Width of the number's column in characters. */
  readonly digits: number
  readonly opened: boolean
  /** A search has led here. */
  readonly found: boolean
  readonly onOpen: (line: { number: number; text: string }) => void
}

export const LogLine = memo(function LogLine({ number, text, raw, top, digits, opened, found, onOpen }: LogLineProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      data-line={number}
      data-found={found || undefined}
      onClick={() => text !== undefined && onOpen({ number, text })}
      className={`absolute inset-x-0 flex h-[19px] gap-3.5 pr-3 pl-4 text-left whitespace-pre ${opened || found ? 'bg-accent-soft' : 'hover:bg-hover'} ${found ? 'shadow-[inset_2px_0_var(--accent)]' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span className="shrink-0 text-right text-faint tabular-nums" style={{ minWidth: `${Math.max(3, digits)}ch` }}>
        {number}
      </span>
      <span className="min-w-0 overflow-hidden text-ellipsis">{text !== undefined && <Content text={text} raw={raw} />}</span>
    </button>
  )
})

function Content({ text, raw }: { readonly text: string; readonly raw: boolean }) {
  const spoken = raw ? null : readAgentLine(text)
  if (spoken) return <span className={AGENT[spoken.tone]}>{spoken.text.slice(0, CLIP)}</span>
  let offset = 0
  return readAnsi(text.slice(0, CLIP)).map((span) => {
    const key = offset
    offset += span.text.length
    return (
      <span key={key} className={`${TERMINAL[span.tone]} ${span.bold ? 'font-bold' : ''}`}>
        {span.text}
      </span>
    )
  })
}
