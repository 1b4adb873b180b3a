import type { ReactNode } from 'react'

interface ObstacleProps {
  readonly what: ReactNode
  /** What became known of it. */
  readonly words?: string
  readonly since?: string
  readonly children: ReactNode
}

/** What keeps it from being used, and what can be done about that. */
export function Obstacle({ what, words = '', since, children }: ObstacleProps) {
  return (
    <div className="col-span-3 col-start-2 mt-2 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md bg-wait/8 px-3 py-2 text-sm">
      <div className="min-w-[240px] flex-1 select-text">
        <p className="font-medium text-wait tabular-nums text-pretty">{what}</p>
        {words !== '' && (
          <p className="mt-0.5 break-words text-dim">
            {words}
            {since && <span className="text-faint whitespace-nowrap"> · {since}</span>}
          </p>
        )}
      </div>
      {children}
    </div>
  )
}
