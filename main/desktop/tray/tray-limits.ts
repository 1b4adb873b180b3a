import { stationName } from '../../../preload/contract-words.ts'
import { formatTime, type JobSummary, type LimitWait } from '../../engine/index.ts'
import type { TrayCommand, TrayItem } from './tray-model.ts'

const MINUTE = 60_000

/** `in 23 min`, `in 1 h 12 min`; a minute begun counts whole. */
function minutesLeft(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / MINUTE))
  if (minutes < 60) return `in ${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `in ${hours} h` : `in ${hours} h ${minutes % 60} min`
  return `in ${Math.round(hours / 24)} days`
}

/** Each wait once, however many jobs it keeps. */
function waitsOf(jobs: readonly JobSummary[]): readonly LimitWait[] {
  const waits = jobs.flatMap(({ limitWait }) => limitWait ?? [])
  return [...new Map(waits.map((wait) => [keyOf(wait), wait])).values()]
}

/** A login and a rest are the whole instrument's. */
const keyOf = ({ instrument, model, cause }: LimitWait): string =>
  cause === 'rate_limit' ? `limit:${instrument}:${model ?? ''}` : `${cause}:${instrument}`

function itemFor(wait: LimitWait, now: number): TrayItem {
  const { instrument, model, cause, until, mode } = wait
  const id = keyOf(wait)
  const command = (part: string, label: string, does: TrayCommand, checked?: boolean): TrayItem => ({
    ...{ kind: 'command', id: `${id}:${part}`, label, enabled: true, command: does },
    ...(checked === undefined ? {} : { checked }),
  })
  const menu = (label: string, items: readonly TrayItem[]): TrayItem => ({ kind: 'menu', id, label, enabled: true, items })
  const left = until === null ? null : until > now ? `${formatTime(until, now)} · ${minutesLeft(until - now)}` : null
  switch (cause) {
    case 'login':
      return { kind: 'command', id, label: `${instrument} needs a login…`, enabled: true, command: { type: 'open_instruments' } }
    case 'rest':
      return menu(`${instrument} failed too often: tried again ${left ?? 'any moment'}`, [
        command('retry', 'Try now', { type: 'retry_instrument', instrument }),
      ])
    case 'rate_limit': {
      const set = (to: 'now' | 'at_reset' | 'never'): TrayCommand => ({ type: 'set_limit', instrument, model, mode: to })
      const ends = mode === 'never' ? 'limit, waits for you' : `limit ends ${left ?? 'any moment'}`
      return menu(`${stationName(instrument, model)}: ${ends}`, [
        command('now', 'Resume now', set('now')),
        command('at_reset', 'At reset', set('at_reset'), mode === 'at_reset'),
        command('never', 'Never', set('never'), mode === 'never'),
      ])
    }
  }
}

/** What keeps jobs from their instruments, and what can be done about it. @param now epoch ms */
export const limitItems = (jobs: readonly JobSummary[], now: number): readonly TrayItem[] =>
  waitsOf(jobs).map((wait) => itemFor(wait, now))

/** Whether any of these texts is another one a minute later. */
export const showsCountdown = (jobs: readonly JobSummary[]): boolean =>
  jobs.some(({ limitWait }) => typeof limitWait?.until === 'number')
