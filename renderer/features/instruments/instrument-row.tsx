import { type ReactNode, useId } from 'react'
import type { InstrumentStatus } from '../../../preload/contract.ts'
import { StatusDot } from '../../components/status-dot.tsx'
import { TEXT } from '../../components/tones.ts'
import { formatClock, plural } from '../../lib/format.ts'
import { holds, timeLeft } from '../../lib/limit.ts'
import { LimitChoice } from './limit-choice.tsx'
import { LoginNeeded } from './login-needed.tsx'
import { Obstacle } from './obstacle.tsx'
import { faceOfInstrument, standingOf } from './standing.ts'
import { TryButton } from './try-button.tsx'

interface InstrumentRowProps {
  readonly instrument: InstrumentStatus
  /** Epoch ms. */
  readonly now: number
  /** Its user did something about it. */
  readonly onChange: () => void
}

/** One instrument: whether it is there, what it does, and what keeps it from being used. */
export function InstrumentRow({ instrument, now, onChange }: InstrumentRowProps) {
  const { name, displayName, limits, restingUntil, running, waitingSheets } = instrument
  const id = useId()
  const standing = standingOf(instrument, now)
  const { word, role } = faceOfInstrument(instrument, standing)
  const work = [
    running > 0 && `${plural(running, 'sheet')} running`,
    waitingSheets > 0 && `${plural(waitingSheets, 'sheet')} ${waitingSheets === 1 ? 'waits' : 'wait'}`,
  ].filter(Boolean)

  return (
    <li
      data-instrument={name}
      data-standing={standing}
      aria-labelledby={id}
      className="grid grid-cols-[18px_minmax(0,1fr)_auto_118px] items-center gap-x-4 px-4 py-[11px]"
    >
      <span className="justify-self-center">
        <StatusDot role={role} />
      </span>
      <div className="min-w-0">
        <h3 id={id} className="truncate font-semibold select-text">
          {displayName}
          {displayName !== name && <span className="font-normal text-faint"> · {name}</span>}
        </h3>
        <Facts instrument={instrument} />
      </div>
      <p className="text-right text-sm tabular-nums">
        {work.map((line) => (
          <span key={String(line)} className="block text-dim">
            {line}
          </span>
        ))}
      </p>
      <p className={`text-right font-medium text-sm ${TEXT[role]}`}>{word}</p>
      {standing === 'login' && <LoginNeeded instrument={instrument} now={now} onChange={onChange} />}
      {limits.map((limit) =>
        holds(limit, now) ? (
          <Obstacle
            key={limit.model ?? ''}
            what={
              <>
                {nameOf(limit, limits)} ends {timeLeft(limit.until, now)};{' '}
                {limit.mode === 'never' ? 'its sheets wait until you let them go on.' : 'its sheets go on then.'}
              </>
            }
            words={limit.message}
            since={`since ${formatClock(limit.since, now)}`}
          >
            <LimitChoice station={{ instrument: name, model: limit.model }} mode={limit.mode} onDone={onChange} />
          </Obstacle>
        ) : (
          standing !== 'login' && (
            <Note key={limit.model ?? ''}>
              {nameOf(limit, limits)} is over: one sheet tries it, the others follow when it works.
            </Note>
          )
        ),
      )}
      {standing === 'resting' && restingUntil !== null && (
        <Obstacle what={`It failed again and again, so it is left alone. One sheet tries it ${timeLeft(restingUntil, now)}.`}>
          <TryButton instrument={name} label="Try now" onDone={onChange} />
        </Obstacle>
      )}
    </li>
  )
}

function nameOf({ model }: { readonly model: string | null }, limits: InstrumentStatus['limits']): string {
  if (model !== null) return `The limit of ${model}`
  return limits.length > 1 ? 'Its limit for all models' : 'Its limit'
}

/** What it said of itself. */
function Facts({ instrument }: { readonly instrument: InstrumentStatus }) {
  if (instrument.installed === null) return <p className="text-faint text-sm">Asking what it is…</p>
  if (!instrument.installed)
    return (
      <p title={instrument.remedy ?? undefined} className="text-dim text-sm text-pretty select-text [overflow-wrap:anywhere]">
        {instrument.message} {instrument.remedy?.split(' Searched: ')[0]}
      </p>
    )
  const { version, loggedIn, path } = instrument
  return (
    <p className="truncate text-dim text-sm select-text">
      {[version ?? 'Installed', loggedIn === true && 'logged in', loggedIn === false && 'not logged in']
        .filter(Boolean)
        .join(' · ')}
      <span className="hidden text-faint wide:inline"> · {path}</span>
    </p>
  )
}

function Note({ children }: { readonly children: ReactNode }) {
  return <p className="col-span-3 col-start-2 mt-1 text-dim text-sm">{children}</p>
}
