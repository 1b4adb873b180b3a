import type { JobSummary, LimitWait } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { modKeys } from '../../lib/keys.ts'
import { waitSentence } from '../../lib/limit.ts'
import { useApp } from '../../state/app-context.ts'
import { useNow } from '../../state/clock.ts'
import { LimitChoice } from './limit-choice.tsx'
import { TryButton } from './try-button.tsx'

/** On a job's page: what keeps it from its instrument, how long still, and what can be done about it. */
export function WaitBanner({ job }: { readonly job: JobSummary }) {
  return job.limitWait && <Banner wait={job.limitWait} />
}

function Banner({ wait }: { readonly wait: LimitWait }) {
  const { bridge, store } = useApp()
  const now = useNow(wait.until !== null)
  return (
    <section
      aria-label="Waiting for an instrument"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-b bg-wait/8 px-[22px] py-2 text-sm"
    >
      <p className="min-w-[200px] flex-1 font-medium text-wait tabular-nums select-text">{waitSentence(wait, now)}</p>
      <Button
        kind="quiet"
        label="Instruments"
        keys={modKeys(bridge.platform, 'I')}
        hint="Show all instruments and what keeps them"
        onPress={store.showInstruments}
      />
      {wait.cause === 'rate_limit' && <LimitChoice station={wait} mode={wait.mode} />}
      {wait.cause === 'rest' && <TryButton instrument={wait.instrument} label="Try now" />}
      {wait.cause === 'login' && <TryButton instrument={wait.instrument} label="I have logged in: try again" />}
    </section>
  )
}
