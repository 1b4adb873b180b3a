import type { Notice } from '../../engine/index.ts'

/** Many notices as one. */
export function digest(notices: readonly Notice[]): Notice {
  const [only] = notices
  if (only && notices.length === 1) return only
  const titles = notices.slice(0, 4).map(({ title }) => title)
  const left = notices.length - titles.length
  return {
    title: `${notices.length} jobs have news`,
    body: [...titles, ...(left > 0 ? [`and ${left} more`] : [])].join('\n'),
    jobId: null,
  }
}
