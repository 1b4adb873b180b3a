import type { JobSummary } from '../../../preload/contract.ts'
import { Button } from '../../components/button.tsx'
import { useApp, useAppState } from '../../state/app-context.ts'
import { actionsOf } from './actions-of.ts'

interface JobActionsProps {
  readonly job: JobSummary
  /** Epoch ms. */
  readonly now: number
  /** Id of what tells one job's buttons from another's. With it they are icons, at the end of a row. */
  readonly describedBy?: string
}

/** What can be done about a job: words on its page, icons in its row. */
export function JobActions({ job, now, describedBy }: JobActionsProps) {
  const app = useApp()
  const busy = useAppState((state) => state.asked.has(job.id))
  const isQuitting = useAppState((state) => state.quitting !== null)
  const small = describedBy !== undefined
  return actionsOf(job, app, now, isQuitting).map(({ key, kind, icon, off, run, ...action }) => (
    <Button
      key={key}
      {...action}
      {...(small && { icon, iconOnly: true, describedBy })}
      kind={small && kind === 'primary' ? 'plain' : kind}
      busy={busy || off}
      onPress={run}
    />
  ))
}
