import { FermataError } from '../../engine/index.ts'

export interface ProblemLog {
  /** Takes what the engine reports that no job can be blamed for. */
  readonly add: (message: string, error?: unknown) => void
  /** From now on they are told at once; those that came before there was anyone to tell come first. */
  tellTo(tell: (problem: FermataError) => void): void
}

/** Keeps problems until there is somebody to tell: the engine starts before the window. */
export function createProblemLog(): ProblemLog {
  let tell: ((problem: FermataError) => void) | null = null
  const early: FermataError[] = []
  return {
    add(message, cause) {
      console.error('fermata:', message, ...(cause === undefined ? [] : [cause]))
      const remedy = cause instanceof FermataError ? cause.remedy : null
      const problem = new FermataError('ENGINE_PROBLEM', message, { remedy, cause })
      if (tell) tell(problem)
      else early.push(problem)
    },
    tellTo(listener) {
      tell = listener
      for (const problem of early.splice(0)) listener(problem)
    },
  }
}
