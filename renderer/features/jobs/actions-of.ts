import { type LucideIcon, Pause, Play, Snowflake, Sun, X } from 'lucide-react'
import type { JobSummary } from '../../../preload/contract.ts'
import type { App } from '../../state/app-context.ts'

/** Something that can be done about a job now. */
export interface JobAction {
  /** What takes the place of another keeps its key, and with it the keyboard's focus. */
  readonly key: 'go' | 'resume' | 'still' | 'cancel'
  readonly label: string
  /** What it does, where the label leaves a question. */
  readonly hint?: string
  readonly icon: LucideIcon
  /** The likely thing to do about a job that does not move, and the one that ends it. */
  readonly kind?: 'primary' | 'danger'
  /** It is not possible now; the hint says why. */
  readonly off?: boolean
  /** Keys that do the same. */
  readonly keys?: string
  run(): void
}

/** Silence (ms) after which services close a connection: the engine warns from then on. */
const CONNECTION_LIVES_MS = 5 * 60_000

/** Why nothing more starts in a Fermata that waits to quit. */
export const QUITTING = 'Fermata is quitting; choose Don’t quit first'

/** What can be done about a job, each thing always in its place, the one that ends the job last. */
export function actionsOf(
  job: JobSummary,
  { commands, store }: Pick<App, 'commands' | 'store'>,
  now: number,
  isQuitting = false,
): readonly JobAction[] {
  const { can, frozen, id } = job
  const actions: JobAction[] = []
  if (can.pause)
    actions.push({
      key: 'go',
      label: 'Pause after this sheet',
      hint: 'Pause after this sheet: lets it finish',
      icon: Pause,
      keys: 'P',
      run: () => void commands.pause(id),
    })
  if (can.resume)
    actions.push({
      key: can.pause ? 'resume' : 'go',
      label: 'Resume',
      ...(isQuitting ? { off: true, hint: QUITTING } : frozen && { hint: 'Resume: thaws it and goes on with the next sheets' }),
      icon: Play,
      ...(frozen ? {} : { kind: 'primary' }),
      ...(can.pause ? {} : { keys: 'P' }),
      run: () => void commands.resume(id),
    })
  if (can.freeze)
    actions.push({
      key: 'still',
      label: 'Freeze now',
      hint: 'Freeze now: processes stand still',
      icon: Snowflake,
      keys: 'F',
      run: () => void commands.freeze(id),
    })
  if (can.thaw)
    actions.push({
      key: 'still',
      label: 'Thaw',
      hint:
        frozen && now - frozen.since > CONNECTION_LIVES_MS
          ? 'Thaw: processes go on; their connections have likely timed out'
          : 'Thaw: processes go on where they stood still',
      icon: Sun,
      kind: 'primary',
      keys: 'F',
      run: () => void commands.thaw(id),
    })
  if (can.cancel)
    actions.push({
      key: 'cancel',
      label: 'Cancel…',
      icon: X,
      kind: 'danger',
      keys: 'Del',
      run: () => store.openDialog({ kind: 'cancel', jobId: id }),
    })
  return actions
}
