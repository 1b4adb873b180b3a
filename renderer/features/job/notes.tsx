import { Info } from 'lucide-react'
import type { JobDetail } from '../../../preload/contract.ts'
import { plural } from '../../lib/format.ts'

/** What the score says that has no effect or looks doubtful. Nothing is ignored in silence, but nobody has to read it. */
export function Notes({ notes }: { readonly notes: JobDetail['notes'] }) {
  if (notes.length === 0) return null
  return (
    <details className="border-line border-b px-[22px] py-1.5 text-dim text-sm">
      <summary className="flex cursor-default items-center gap-2 font-medium">
        <Info size={14} aria-hidden="true" />
        {plural(notes.length, 'note')} on this score
      </summary>
      <ul className="mt-1 max-h-32 overflow-y-auto pb-1 select-text">
        {notes.map(({ code, message, remedy, line, column }) => (
          <li key={`${line}:${column} ${code} ${message}`} className="break-words py-0.5">
            <span className="text-faint tabular-nums">
              {line}:{column}
            </span>{' '}
            {message} {remedy}
          </li>
        ))}
      </ul>
    </details>
  )
}
