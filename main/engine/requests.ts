/** How a score is to be played. */
export interface SubmitOptions {
  /** Instead of the score's own workspace. */
  readonly workspace?: string
  /** Archives what an earlier run left, if the score says so (Marianne: `--fresh`). */
  readonly fresh?: boolean
  /** The first sheet to run; those before it are left out. */
  readonly startSheet?: number
  /** A sheet whose tries are used up waits for a person's decision (Marianne: escalation). */
  readonly escalate?: boolean
  /** Accepted, but paused until someone resumes it. */
  readonly hold?: boolean
  /** How many jobs are before it in its chain. */
  readonly chainDepth?: number
  /**
   * The hook of the job it follows in its chain: that job is at its end, and may have the same score and workspace. A hook that
   * runs again, as after a crash, is given the job it led to and no other.
   */
  readonly after?: { readonly jobId: string; readonly hook: number }
}

/** How a job is to go on. */
export interface ResumeOptions {
  /** Another score file in the place of the job's own; from now on it is the job's. */
  readonly scorePath?: string
  /** The score stays as it was submitted, even if its file has changed (Marianne: no_reload). */
  readonly noReload?: boolean
}
