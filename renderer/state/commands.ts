import type { Bridge, JobSummary, Problem, Result } from '../../preload/contract.ts'
import { ask } from '../app/bridge.ts'
import { plural } from '../lib/format.ts'
import type { AppStore } from './app-store.ts'

/** Everything a person can ask of Fermata. None of them throws: what goes wrong is shown. */
export interface Commands {
  openScore(): Promise<void>
  runDemo(): Promise<void>
  submit(scorePath: string): Promise<void>
  pause(jobId: string): Promise<void>
  resume(jobId: string): Promise<void>
  cancel(jobId: string): Promise<void>
  decide(jobId: string, sheet: number, decision: 'accept' | 'retry' | 'skip' | 'fail'): Promise<void>
  pauseAll(): Promise<void>
  resumeAll(): Promise<void>
  openWorkspace(jobId: string): Promise<void>
}

export function createCommands(bridge: Bridge, store: AppStore): Commands {
  function started(answer: Result<JobSummary | null>, file: string | null): void {
    if (!answer.ok) {
      refused(answer.problem, file)
      return
    }
    if (answer.value === null) return
    store.merge(answer.value)
    store.showJobs()
    store.select(answer.value.id, { focus: true })
  }

  function refused(problem: Problem, file: string | null): void {
    store.openDialog({ kind: 'refused', refusal: { file: file ?? problem.file, problem } })
  }

  async function command(asked: Promise<Result<JobSummary>>, jobId: string, verb: string) {
    const answer = await asked
    if (answer.ok) store.merge(answer.value)
    else failed(`${verb} ${store.getState().projection.jobs.get(jobId)?.name ?? 'the job'} did not work`, answer.problem)
  }

  async function all(asked: Promise<Result<{ count: number }>>, done: string, verb: string) {
    const answer = await asked
    if (answer.ok) store.toast({ tone: 'news', title: `${plural(answer.value.count, 'job')} ${done}`, message: null })
    else failed(`${verb} all jobs did not work`, answer.problem)
  }

  function failed(title: string, { message, remedy }: Problem): void {
    store.toast({ tone: 'problem', title, message: remedy ? `${message} ${remedy}` : message })
  }

  return {
    openScore: async () => started(await ask(bridge, 'jobs.openScore', null), null),
    runDemo: async () => started(await ask(bridge, 'jobs.submitDemo', null), null),
    submit: async (scorePath) => started(await ask(bridge, 'jobs.submit', { scorePath }), scorePath),
    pause: (jobId) => command(ask(bridge, 'jobs.pause', { jobId }), jobId, 'Pausing'),
    resume: (jobId) => command(ask(bridge, 'jobs.resume', { jobId }), jobId, 'Resuming'),
    cancel: (jobId) => command(ask(bridge, 'jobs.cancel', { jobId }), jobId, 'Cancelling'),
    decide: (jobId, sheet, decision) => command(ask(bridge, 'jobs.decide', { jobId, sheet, decision }), jobId, 'Deciding on'),
    pauseAll: () => all(ask(bridge, 'jobs.pauseAll', null), 'will pause after the present sheet', 'Pausing'),
    resumeAll: () => all(ask(bridge, 'jobs.resumeAll', null), 'resumed', 'Resuming'),
    openWorkspace: async (jobId) => {
      const answer = await ask(bridge, 'jobs.openWorkspace', { jobId })
      if (!answer.ok) failed('The workspace could not be opened', answer.problem)
    },
  }
}
