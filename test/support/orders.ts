import { type JobDetail, type JobService, JobSubmissionError } from '../../main/engine/index.ts'

/** A command of the user's, as it can be sent to an engine in another process. */
export interface Order {
  readonly name: 'pause' | 'freeze' | 'thaw' | 'resume' | 'cancel' | 'retrySheet' | 'skipSheet'
  readonly job: string
  /** 0 where it is for the whole job. */
  readonly sheet: number
}

export interface Answer {
  /** False: it was refused. */
  readonly taken: boolean
  /** The job just before. */
  readonly before: JobDetail
}

export async function obey(jobs: JobService, { name, job, sheet }: Order): Promise<Answer> {
  const before = await jobs.status(job)
  try {
    await (name === 'retrySheet' || name === 'skipSheet' ? jobs[name](job, sheet) : jobs[name](job))
    return { taken: true, before }
  } catch (error) {
    if (error instanceof JobSubmissionError) return { taken: false, before }
    throw error
  }
}
