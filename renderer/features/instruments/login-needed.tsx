import { Check, Copy } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { InstrumentStatus } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { formatClock } from '../../lib/format.ts'
import { Obstacle } from './obstacle.tsx'
import { loginCommand } from './standing.ts'
import { TryButton } from './try-button.tsx'

/** How long it is seen that something was copied (ms). */
const COPIED_MS = 2500

interface LoginNeededProps {
  readonly instrument: InstrumentStatus
  /** Epoch ms. */
  readonly now: number
  readonly onChange: () => void
}

/** How to log in, and the way on after it. */
export function LoginNeeded({ instrument, now, onChange }: LoginNeededProps) {
  const { name, description, refused } = instrument
  const command = loginCommand(description)
  const how = command ? <Command text={command} /> : <span className="text-dim">{description}</span>
  if (!refused)
    return (
      <Obstacle what="It says that nobody is logged in. Sheets on it would wait for that.">
        <Login>{how}</Login>
      </Obstacle>
    )
  // It may have been made since.
  const made = instrument.installed === true && instrument.loggedIn === true
  return (
    <Obstacle
      what={made ? 'It was not logged in, and is now: let it try again.' : 'It needs a login that only you can make.'}
      words={refused.message}
      since={`since ${formatClock(refused.since, now)}`}
    >
      {!made && <Login>{how}</Login>}
      <TryButton instrument={name} label="I have logged in: try again" kind="primary" onDone={onChange} />
    </Obstacle>
  )
}

const Login = ({ children }: { readonly children: ReactNode }) => (
  <div className="flex min-w-0 items-center gap-2">{children}</div>
)

/** A command for a terminal. */
function Command({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false)

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), COPIED_MS)
    return () => clearTimeout(timer)
  }, [copied])

  return (
    <>
      <span className="text-dim">In a terminal:</span>
      <code className="rounded-sm border border-line bg-card px-1.5 py-0.5 font-mono text-sm text-text whitespace-nowrap select-text">
        {text}
      </code>
      <Button
        kind="quiet"
        icon={copied ? Check : Copy}
        iconOnly
        label={copied ? 'Copied' : `Copy “${text}”`}
        onPress={() =>
          void navigator.clipboard.writeText(text).then(
            () => setCopied(true),
            () => undefined,
          )
        }
      />
    </>
  )
}
