import type { EngineEvent } from '../ports.ts'

type Notice = Extract<EngineEvent, { type: 'notice' }>

/** Told once for all jobs, by the first of them. @param why in the instrument's own words */
export const refusedNotice = (jobId: string, instrument: string, why: string): Notice => ({
  type: 'notice',
  jobId,
  title: `${instrument} wants a login`,
  body: `${why.replace(/\.$/, '')}. What needs it waits: log in, then let it try again on the Instruments page`,
})

/** The same of an instrument that failed too often in a row. */
export const restNotice = (jobId: string, instrument: string): Notice => ({
  type: 'notice',
  jobId,
  title: `${instrument} failed again and again`,
  body: 'It is left alone for a while, then one sheet tries it. The Instruments page says more',
})
