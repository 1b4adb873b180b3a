import { randomBytes } from 'node:crypto'
import type { AttemptRecord, Clock, JobRecord } from '../ports.ts'
import { stationAt } from '../scheduling/graph.ts'
import { attemptFolder } from './preparation.ts'

/** The record of a sheet's next attempt, before anything of it is there. */
export function newAttempt({ state }: JobRecord, number: number, dataDir: string, clock: Clock): AttemptRecord {
  const sheet = state.sheets[number - 1]
  const attempt = (sheet?.attempts ?? 0) + 1
  const choice = sheet?.choice ?? 0
  return {
    jobId: state.id,
    sheet: number,
    number: attempt,
    marker: `${state.id}.${number}.${attempt}.${randomBytes(6).toString('hex')}`,
    folder: attemptFolder(dataDir, state.id, number, attempt),
    instrument: stationAt(state, { number, choice }).instrument,
    choice,
    mode: sheet?.mode ?? 'normal',
    identity: null,
    startedAt: clock.now(),
    startedAwake: clock.awake(),
    stillMs: 0,
    frozenAwake: null,
    endedAt: null,
    exitStatus: null,
    outcome: null,
    errorCode: null,
    errorMessage: null,
    usage: null,
  }
}
