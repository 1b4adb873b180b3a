import { X } from 'lucide-react'
import { Button } from '../../components/button.tsx'
import { readAgentLine } from '../../lib/agent-line.ts'
import { readAnsi } from '../../lib/ansi.ts'

/** Characters drawn of an opened line; a line can be a whole file. */
const CLIP = 50_000

interface LineDetailProps {
  readonly number: number
  readonly text: string
  readonly raw: boolean
  readonly onClose: () => void
}

/** One line in full, wrapped, to read and to copy from. */
export function LineDetail({ number, text, raw, onClose }: LineDetailProps) {
  const spoken = raw ? null : readAgentLine(text)
  const full =
    spoken?.text ??
    readAnsi(text)
      .map((span) => span.text)
      .join('')
  return (
    <section aria-label={`Line ${number}`} className="flex max-h-[45%] shrink-0 flex-col border-line border-t">
      <header className="flex items-center justify-between pt-1 pr-2 pl-4 text-dim text-sm">
        Line {number}
        <Button kind="quiet" icon={X} iconOnly label="Close the line" onPress={onClose} />
      </header>
      <pre className="min-h-0 overflow-y-auto px-4 pb-3 font-mono text-sm leading-[19px] break-words whitespace-pre-wrap select-text">
        {full.length > CLIP ? `${full.slice(0, CLIP)}…` : full}
      </pre>
    </section>
  )
}
