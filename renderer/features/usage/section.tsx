import type { ReactNode } from 'react'

interface SectionProps {
  readonly title: string
  /** At the end of the title's line. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A part of the page with its title. */
export function Section({ title, actions, children }: SectionProps) {
  return (
    <section aria-label={title}>
      <div className="flex min-h-[52px] items-end justify-between gap-3 pb-2">
        <h2 tabIndex={-1} className="font-semibold text-faint text-xs">
          {title}
        </h2>
        {actions && <div className="flex items-center gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  )
}

/** Nothing is there yet, and what will bring it. */
export function Nothing({ children }: { readonly children: ReactNode }) {
  return <p className="rounded-lg border border-line bg-card px-4 py-5 text-center text-dim">{children}</p>
}
