import type { EngineEvent, JobRecord } from '../ports.ts'
import type { Effect } from '../scheduling/state.ts'

type Announcement = Extract<Effect, { type: 'announce_job' | 'announce_sheet' }>

/** An effect of scheduling as everyone outside hears it. `at` is epoch ms, `reason` that of the whole job. */
export function announcement({ state }: JobRecord, effect: Announcement, at: number, reason: string): EngineEvent {
  const jobId = state.id
  if (effect.type === 'announce_job') return { type: 'job', jobId, news: effect.news, at, reason: effect.detail ?? reason }
  const sheet = state.sheets[effect.sheet - 1]
  const why = sheet?.error?.message ?? sheet?.note ?? ''
  return { type: 'sheet', jobId, sheet: effect.sheet, attempt: sheet?.attempts ?? 0, news: effect.news, at, reason: why }
}
