import { dirname, resolve } from 'node:path'
import type { JobRecord } from '../../ports.ts'
import { closeWorktree, openWorktree, type WorktreeRequest } from './worktree.ts'

/** Where a job's attempts are at home; both absolute. */
export interface Workplace {
  /** What prompts, checks and the environment call the workspace: the job's worktree, where it has one. */
  readonly workspace: string
  /** The folder its programs start in. */
  readonly cwd: string
}

/** The folders jobs work in. */
export interface Workplaces {
  /** The job's worktree where its score asks for one, made on first use; else its workspace. */
  placeFor(job: JobRecord): Promise<Workplace>
  /** The job has ended: its worktree is given back. */
  close(job: JobRecord): void
  /** Until nothing is being given back any more. */
  idle(): Promise<void>
}

export function createWorkplaces(environment: NodeJS.ProcessEnv, onProblem: (message: string) => void): Workplaces {
  const opened = new Map<string, Promise<Workplace>>()
  const closing = new Map<string, Promise<void>>()
  const requestFor = ({ state, score }: JobRecord): WorktreeRequest => ({ jobId: state.id, score, environment })
  const tell = (job: JobRecord, note: string | null) => {
    if (note !== null) onProblem(`"${job.score.name}": ${note}`)
  }

  async function open(job: JobRecord): Promise<Workplace> {
    // A job that goes on right after its end: its worktree is not given back while it is being taken again.
    await closing.get(job.state.id)
    const { folder, note } = await openWorktree(requestFor(job))
    tell(job, note)
    return { workspace: folder, cwd: folder }
  }

  return {
    placeFor(job) {
      const { score, scorePath, state } = job
      const named = score.backend?.working_directory
      if (!score.isolation.enabled) {
        const { workspace } = score
        return Promise.resolve({ workspace, cwd: named ? resolve(dirname(scorePath), named) : workspace })
      }
      // Sheets that start at the same time share one worktree.
      const known = opened.get(state.id) ?? open(job)
      opened.set(state.id, known)
      known.catch(() => opened.delete(state.id))
      return known
    },
    close(job) {
      if (!job.score.isolation.enabled) return
      const { id, status } = job.state
      const before = opened.get(id)
      opened.delete(id)
      const closed = Promise.resolve(before)
        .catch(() => {})
        .then(() => closeWorktree(requestFor(job), status === 'completed'))
        .then(({ note }) => tell(job, note))
        .finally(() => closing.get(id) === closed && closing.delete(id))
      closing.set(id, closed)
    },
    async idle() {
      await Promise.all(closing.values())
    },
  }
}
