import type { ReactNode } from 'react'

interface FactProps {
  readonly name: string
  readonly value: ReactNode
  readonly small: ReactNode
  readonly children?: ReactNode
}

/** One fact of a job: its name, its figure, and what is to be known beside it. */
export function Fact({ name, value, small, children }: FactProps) {
  return (
    <div className="min-w-0">
      <dt className="text-dim text-sm">{name}</dt>
      <dd className="select-text">
        <span className="block truncate font-[620] text-xl tracking-[-0.01em] tabular-nums">{value}</span>
        {children}
        <span className="line-clamp-2 text-faint text-xs tabular-nums">{small}</span>
      </dd>
    </div>
  )
}
