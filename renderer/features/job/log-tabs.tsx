import { useRef } from 'react'

export type Stream = 'stdout' | 'stderr'

const TABS = [
  { stream: 'stdout', title: 'Output' },
  { stream: 'stderr', title: 'Errors' },
] as const

interface LogTabsProps {
  readonly stream: Stream
  readonly onChange: (stream: Stream) => void
}

export function LogTabs({ stream, onChange }: LogTabsProps) {
  const list = useRef<HTMLDivElement>(null)
  return (
    <div
      ref={list}
      role="tablist"
      aria-label="Stream"
      className="flex h-full shrink-0 gap-4"
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
        const other = stream === 'stdout' ? 'stderr' : 'stdout'
        onChange(other)
        list.current?.querySelector<HTMLElement>(`#log-${other}`)?.focus()
      }}
    >
      {TABS.map((tab) => (
        <button
          key={tab.stream}
          id={`log-${tab.stream}`}
          type="button"
          role="tab"
          aria-selected={tab.stream === stream}
          aria-controls="log"
          tabIndex={tab.stream === stream ? 0 : -1}
          onClick={() => onChange(tab.stream)}
          className="h-full border-transparent border-y-2 font-medium text-dim hover:text-text aria-selected:border-b-accent aria-selected:text-text"
        >
          {tab.title}
        </button>
      ))}
    </div>
  )
}
