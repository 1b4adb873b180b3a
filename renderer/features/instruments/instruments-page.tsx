import { Unplug } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { InstrumentStatus } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Failed } from '../../components/failed-part.tsx'
import { useNow } from '../../state/clock.ts'
import { InstrumentRow } from './instrument-row.tsx'
import { groupInstruments } from './standing.ts'
import { useInstruments } from './use-instruments.ts'

/** The instruments on this computer, what each does, and what keeps it from being used. */
export function InstrumentsPage() {
  const { instruments, problem, checking, check, refresh } = useInstruments()
  const title = useRef<HTMLHeadingElement>(null)

  // A new page: the keyboard and the screen reader begin at its title.
  useEffect(() => title.current?.focus(), [])

  return (
    <>
      <header className="flex min-h-[57px] items-center gap-3 border-line border-b px-[22px]">
        <h1 ref={title} tabIndex={-1} className="font-[650] text-lg">
          Instruments
        </h1>
        <p role="status" className="ml-auto text-dim text-sm">
          {checking && 'Asking each whether it is installed and logged in…'}
        </p>
        <Button
          label={checking ? 'Checking…' : 'Check again'}
          hint="Asks each for its version and its login; costs nothing"
          busy={checking}
          onPress={() => void check()}
        />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-[22px] pb-8">
        {instruments && problem && (
          <p role="alert" className="pt-4 text-fail text-sm">
            {problem.message} What you see may be old.
          </p>
        )}
        {!instruments && problem && (
          <Failed title="The instruments could not be read" message={problem.message} onRetry={() => void check()} />
        )}
        {!instruments && !problem && <Skeleton />}
        {instruments && <List instruments={instruments} onChange={refresh} />}
      </div>
    </>
  )
}

interface ListProps {
  readonly instruments: readonly InstrumentStatus[]
  readonly onChange: () => void
}

function List({ instruments, onChange }: ListProps) {
  const now = useNow(instruments.some(({ limits, restingUntil }) => limits.length > 0 || restingUntil !== null))
  if (instruments.length === 0)
    return (
      <EmptyState icon={<Unplug size={26} aria-hidden="true" />} title="No instruments">
        An instrument is a program that sheets run on, told by a file in the folder “instruments”.
      </EmptyState>
    )
  return groupInstruments(instruments, now).map((group) => (
    <section key={group.title} aria-label={group.title} className="max-w-[960px]">
      <h2 className="pt-[22px] pb-2 font-semibold text-faint text-xs">
        {group.title} <span className="font-medium tabular-nums">· {group.instruments.length}</span>
      </h2>
      <ul className="divide-y divide-line rounded-lg border border-line bg-card">
        {group.instruments.map((instrument) => (
          <InstrumentRow key={instrument.name} instrument={instrument} now={now} onChange={onChange} />
        ))}
      </ul>
    </section>
  ))
}

const WIDTHS = ['w-28', 'w-40', 'w-24', 'w-36', 'w-32'] as const

/** The layout while nothing is known yet. */
function Skeleton() {
  return (
    <div role="status" aria-label="Loading instruments" className="max-w-[960px] pt-[49px]">
      <div className="divide-y divide-line rounded-lg border border-line bg-card">
        {WIDTHS.map((width) => (
          <div key={width} className="grid h-[58px] grid-cols-[18px_1fr_96px] items-center gap-x-4 px-4">
            <span className="size-[9px] justify-self-center rounded-full bg-track" />
            <span className="grid gap-2">
              <span className={`h-2.5 rounded-full bg-track ${width}`} />
              <span className="h-2 w-56 rounded-full bg-track opacity-60" />
            </span>
            <span className="h-2.5 w-16 justify-self-end rounded-full bg-track" />
          </div>
        ))}
      </div>
    </div>
  )
}
