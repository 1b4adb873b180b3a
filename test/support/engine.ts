import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import {
  createEngine,
  type Engine,
  type EngineEvent,
  type EngineOptions,
  type JobDetail,
  type JobStatus,
} from '../../main/engine/index.ts'
import type { Place } from './place.ts'
import { until } from './wait.ts'

export const assetsDir = join(import.meta.dirname, '../../assets')

/** A real engine on the place's data folder, with what it told. */
export interface TestEngine extends Engine {
  readonly told: EngineEvent[]
  readonly problems: string[]
  /** Waits until the job has this status and gives it with its sheets. */
  reaches(jobId: string, status: JobStatus): Promise<JobDetail>
}

export async function startEngine(place: Place, options: Partial<EngineOptions> = {}): Promise<TestEngine> {
  const problems: string[] = []
  const engine = await createEngine({
    dataDir: place.dataDir,
    assetsDir,
    onProblem: (message) => problems.push(message),
    ...options,
  })
  const told: EngineEvent[] = []
  engine.events.on((event) => told.push(event))
  return {
    ...engine,
    told,
    problems,
    reaches: (jobId, status) =>
      until(`${jobId} is ${status}`, async () => {
        const job = await engine.jobs.status(jobId)
        if (job.status !== status) throw new Error(`it is ${job.status}: ${job.reason}`)
        return job
      }),
  }
}

/** Puts an instrument of the user's own into the data folder. */
export function addInstrument(place: Place, profile: Readonly<Record<string, unknown>> & { readonly name: string }): void {
  const folder = join(place.dataDir, 'instruments')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${profile.name}.yaml`), stringify(profile))
}
