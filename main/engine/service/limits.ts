import { JobSubmissionError } from '../errors.ts'
import { checkInstrument, type InstrumentCheck } from '../instruments/check.ts'
import type { InstrumentProfile } from '../instruments/profile.ts'
import type { InstrumentName, InstrumentReport, InstrumentStatus, JobService } from '../job-service.ts'
import { stationAt } from '../scheduling/graph.ts'
import { waitsForLogin } from '../scheduling/limit-wait.ts'
import { covers, limitedSheets, waitingSheets } from '../scheduling/limited-sheets.ts'
import type { JobEvent, JobState, SheetState, Station } from '../scheduling/state.ts'
import type { ServiceParts } from './parts.ts'

type Limiting = Pick<JobService, 'checkInstruments' | 'instruments' | 'clearRateLimits' | 'setLimit' | 'retryInstrument'>

/** What keeps instruments from being used, and what their user makes of it. */
export function createLimiting(parts: ServiceParts): Limiting {
  const { catalogue, conductor, limits, clock, environment } = parts

  /** What each said when it was asked last. */
  const known = new Map<string, InstrumentCheck>()

  const nameOf = ({ name, display_name, description }: InstrumentProfile): InstrumentName => ({
    name,
    displayName: display_name ?? name,
    description: description ?? null,
  })

  const checkInstruments = (): Promise<readonly InstrumentReport[]> =>
    Promise.all(
      catalogue.list().map(async (profile) => {
        const check = await checkInstrument(profile, environment)
        known.set(profile.name, check)
        return { ...nameOf(profile), ...check }
      }),
    )

  const knownInstruments = () =>
    catalogue.list().map((profile) => ({ ...nameOf(profile), ...(known.get(profile.name) ?? { installed: null }) }))

  /** The same event for every sheet that waits for a limit which this one covers. */
  function tellLimited(limit: Station, event: (sheet: number) => JobEvent): void {
    const states = conductor.jobs().map(({ state }) => state)
    const waiting = waitingSheets(states, (station, sheet) => covers(limit, station) && !waitsForLogin(sheet))
    for (const { jobId, sheet } of waiting) conductor.apply(jobId, event(sheet))
  }

  function statusOf(report: InstrumentReport | (InstrumentName & { readonly installed: null })): InstrumentStatus {
    const now = clock.now()
    const { limits: standing, circuit, refusal } = limits.standing(report.name)
    const restingUntil = circuit?.openUntil ?? null
    const states = conductor.jobs().map(({ state }) => state)
    return {
      ...report,
      limits: standing.map(({ model, until, mode, since, message }) => ({ model, until, mode, since, message })),
      restingUntil: restingUntil !== null && restingUntil > now ? restingUntil : null,
      refused: refusal,
      running: conductor.attempts().filter(({ record }) => record.instrument === report.name).length,
      waitingSheets: limitedSheets(states, report.name, (station) => limits.waitFor(station, now) !== null),
    }
  }

  return {
    checkInstruments,
    instruments: async (how = 'ask') => (how === 'ask' ? await checkInstruments() : knownInstruments()).map(statusOf),
    clearRateLimits(instrument) {
      const cleared = limits.clear(instrument, clock.now())
      // Those that met the limit themselves wait for a time; the others look again.
      tellLimited({ instrument, model: null }, (sheet) => ({ type: 'limit_cleared', sheet }))
      if (cleared > 0) conductor.look()
      return cleared
    },
    setLimit(instrument, model, mode) {
      const station = { instrument, model }
      const now = clock.now()
      const found = mode === 'now' ? limits.end(station, now) : limits.setMode(station, mode, now)
      if (!found)
        throw new JobSubmissionError('NO_LIMIT', `${model === null ? instrument : `${instrument} (${model})`} has no limit now.`)
      const until = mode === 'at_reset' ? (limits.waitFor(station, now)?.until ?? now) : null
      tellLimited(station, (sheet) => (mode === 'now' ? { type: 'limit_cleared', sheet } : { type: 'limit_moved', sheet, until }))
      conductor.look()
    },
    retryInstrument(instrument) {
      catalogue.get(instrument)
      retryInstrument(parts, instrument)
    },
  }
}

/** The instrument may be used again whatever kept it from that: one sheet tries first, and nobody waits for a time. */
function retryInstrument({ conductor, limits, clock }: ServiceParts, instrument: string): void {
  limits.retry(instrument, clock.now())
  const states = conductor.jobs().map(({ state }) => state)
  for (const { jobId, sheet } of waitingSheets(states, (station) => station.instrument === instrument))
    conductor.apply(jobId, { type: 'limit_cleared', sheet })
  conductor.look()
}

/** Its user wants this sheet, which waits for its instrument, to go on now, whatever the instrument said. */
export function goOnNow(parts: ServiceParts, job: JobState, sheet: SheetState): void {
  const { instrument } = stationAt(job, sheet)
  // A login is there for everybody.
  if (waitsForLogin(sheet)) retryInstrument(parts, instrument)
  else parts.limits.clear(instrument, parts.clock.now())
}
