import { dirname, resolve } from 'node:path'
import type { JobRecord } from '../../ports.ts'
import { closeWorktree, openWorktree, type WorktreeRequest } from './worktree.ts'

/** The folders jobs work in. */
export interface Workplaces {
  /** The job's worktree where its score asks for one, made on first use; else its workspace. Absolute. */
  folderFor(job: JobRecord): Promise<string>
  /** The job has ended: its worktree is given back. */
  close(job: JobRecord): void
}

export function createWorkplaces(environment: NodeJS.ProcessEnv, onProblem: (message: string) => void): Workplaces {
  const opened = new Map<string, Promise<string>>()
  const requestFor = ({ state, score }: JobRecord): WorktreeRequest => ({ jobId: state.id, score, environment })
  const tell = (job: JobRecord, note: string | null) => {
    if (note !== null) onProblem(`"${job.score.name}": ${note}`)
  }

  async function open(job: JobRecord): Promise<string> {
    const { folder, note } = await openWorktree(requestFor(job))
    tell(job, note)
    return folder
  }

  return {
    folderFor(job) {
      const { score, scorePath, state } = job
      const named = score.backend?.working_directory
      if (!score.isolation.enabled) return Promise.resolve(named ? resolve(dirname(scorePath), named) : score.workspace)
      // Sheets that start at the same time share one worktree.
      const known = opened.get(state.id) ?? open(job)
      opened.set(state.id, known)
      known.catch(() => opened.delete(state.id))
      return known
    },
    close(job) {
      if (!job.score.isolation.enabled) return
      opened.delete(job.state.id)
      void closeWorktree(requestFor(job), job.state.status === 'completed').then(({ note }) => tell(job, note))
    },
  }
}
