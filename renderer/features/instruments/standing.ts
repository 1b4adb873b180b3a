import type { InstrumentStatus, JobSummary } from '../../../preload/contract.ts'
import { holds } from '../../lib/limit.ts'
import type { Face } from '../../lib/status.ts'

/** What an instrument is good for now. */
type Standing = 'login' | 'limited' | 'resting' | 'ready' | 'unknown' | 'missing'

export function standingOf(instrument: InstrumentStatus, now: number): Standing {
  const { refused, limits, restingUntil, installed } = instrument
  if (refused) return 'login'
  if (limits.some((limit) => holds(limit, now))) return 'limited'
  if (restingUntil !== null && restingUntil > now) return 'resting'
  if (installed === null) return 'unknown'
  if (!installed) return 'missing'
  return instrument.loggedIn === false ? 'login' : 'ready'
}

const FACES: Readonly<Record<Standing, Face>> = {
  login: { word: 'Needs a login', role: 'wait' },
  limited: { word: 'Limit reached', role: 'wait' },
  resting: { word: 'Resting', role: 'wait' },
  ready: { word: 'Ready', role: 'ok' },
  unknown: { word: 'Checking…', role: 'idle' },
  missing: { word: 'Not installed', role: 'idle' },
}

/** Its word and colour; what runs is running whatever else may be said. */
export function faceOfInstrument({ running }: InstrumentStatus, standing: Standing): Face {
  return standing === 'ready' && running > 0 ? { word: 'Running', role: 'run' } : FACES[standing]
}

interface Group {
  readonly title: string
  readonly instruments: readonly InstrumentStatus[]
}

const TITLES = {
  needy: 'Needs a login',
  waiting: 'Waiting',
  usable: 'Ready',
  unknown: 'Being checked',
  missing: 'Not installed',
} as const

const PLACE: Readonly<Record<Standing, keyof typeof TITLES>> = {
  login: 'needy',
  limited: 'waiting',
  resting: 'waiting',
  ready: 'usable',
  unknown: 'unknown',
  missing: 'missing',
}

/** The instruments by what they need, those that need their user first; each group in the order it came. */
export function groupInstruments(instruments: readonly InstrumentStatus[], now: number): readonly Group[] {
  return (Object.keys(TITLES) as (keyof typeof TITLES)[])
    .map((key) => ({
      title: TITLES[key],
      instruments: instruments.filter((instrument) => PLACE[standingOf(instrument, now)] === key),
    }))
    .filter((group) => group.instruments.length > 0)
}

/** The command for its login, where its description names one: ``a login (`claude auth login`)``. */
export function loginCommand(description: string | null): string | null {
  const commands = [...(description ?? '').matchAll(/`([^`]+)`/g)].map(([, command = '']) => command)
  return commands.find((command) => /^\S+ (.+ )?(login|auth|configure)$/.test(command)) ?? null
}

/** Something among the instruments waits for the user. */
export const needsLogin = (jobs: Iterable<JobSummary>): boolean => [...jobs].some(({ limitWait }) => limitWait?.cause === 'login')
