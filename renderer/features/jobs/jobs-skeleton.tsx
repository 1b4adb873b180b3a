import { ROW_GRID } from './row-grid.ts'

const NAMES = ['w-40', 'w-56', 'w-36', 'w-48'] as const

/** The list's layout while the first snapshot is on its way. */
export function JobsSkeleton() {
  return (
    <div role="status" aria-label="Loading jobs" className="px-[14px] pt-[50px]">
      {NAMES.map((width) => (
        <div key={width} className={ROW_GRID}>
          <span className="size-[9px] justify-self-center rounded-full bg-track" />
          <span className="grid gap-2">
            <span className={`h-2.5 rounded-full bg-track ${width}`} />
            <span className="h-2 w-3/5 rounded-full bg-track opacity-60" />
          </span>
          <span className="h-[5px] rounded-full bg-track" />
          <span className="hidden h-2.5 w-16 justify-self-end rounded-full bg-track wide:block" />
          <span className="h-2.5 w-11 justify-self-end rounded-full bg-track" />
        </div>
      ))}
    </div>
  )
}
