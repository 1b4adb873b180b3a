import type { Role } from '../lib/status.ts'
import { StatusDot } from './status-dot.tsx'
import { TEXT } from './tones.ts'

/** A status with its word, for a title. */
export function Pill({ role, word, live }: { readonly role: Role; readonly word: string; readonly live: boolean }) {
  return (
    <span
      className={`inline-flex shrink-0 items-center gap-2 rounded-full bg-[color-mix(in_srgb,currentColor_10%,transparent)] py-[3px] pr-2.5 pl-2 font-semibold text-sm ${TEXT[role]}`}
    >
      <StatusDot role={role} live={live} />
      {word}
    </span>
  )
}
