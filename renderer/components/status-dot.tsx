import type { Role } from '../lib/status.ts'
import { TEXT } from './tones.ts'

/** A status as a dot; what has not begun is a ring. `live` gives it a halo while output arrives. The word stands beside it. */
export function StatusDot({ role, live = false }: { readonly role: Role; readonly live?: boolean }) {
  const shape = role === 'idle' ? 'border-[1.5px] border-current' : 'bg-current'
  const halo = live ? 'shadow-[0_0_0_3.5px_color-mix(in_srgb,currentColor_24%,transparent)]' : ''
  return (
    <span
      aria-hidden="true"
      data-live={live || undefined}
      className={`block size-[9px] shrink-0 rounded-full transition-shadow ${shape} ${halo} ${TEXT[role]}`}
    />
  )
}
