import type { ReactNode } from 'react'

interface EmptyStateProps {
  readonly icon: ReactNode
  readonly title: string
  readonly children: ReactNode
  readonly actions?: ReactNode
}

/** What a place shows when it has nothing to show: what belongs here and how it gets here. */
export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="grid h-full place-items-center p-6">
      <div className="flex max-w-[400px] flex-col items-center text-center">
        <div className="mb-4 text-accent">{icon}</div>
        <h2 className="mb-1.5 font-[650] text-lg">{title}</h2>
        <div className="mb-5 text-balance text-dim select-text">{children}</div>
        {actions && <div className="flex gap-2">{actions}</div>}
      </div>
    </div>
  )
}
