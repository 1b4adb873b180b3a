import type { Bridge, JobSummary, LimitMode, Problem, Result } from '../../preload/contract.ts'
import { stationName } from '../../preload/contract-words.ts'
import { ask } from '../app/bridge.ts'
import { plural } from '../lib/format.ts'
import type { AppStore, Asked } from './app-store.ts'

/** Everything a person can ask of Fermata. None of them throws: what goes wrong is shown. */
export interface Commands {
  openScore(): Promise<void>
  runDemo(): Promise<void>
  submit(scorePath: string): Promise<void>
  pause(jobId: string): Promise<void>
  resume(jobId: string): Promise<void>
  cancel(jobId: string): Promise<void>
  freeze(jobId: string): Promise<void>
  thaw(jobId: string): Promise<void>
  endSurvivors(jobId: string): Promise<void>
  /** Runs a sheet again, or leaves it out. */
  onSheet(jobId: string, sheet: number, action: 'retry' | 'skip'): Promise<void>
  decide(jobId: string, sheet: number, decision: 'accept' | 'retry' | 'skip' | 'fail'): Promise<void>
  pauseAll(): Promise<void>
  resumeAll(): Promise<void>
  openWorkspace(jobId: string): Promise<void>
  /** What happens about a rate limit; `now`: one sheet tries at once. */
  setLimit(station: { readonly instrument: string; readonly model: string | null }, mode: LimitMode | 'now'): Promise<void>
  /** Lets an instrument be used again whatever kept it from that. */
  retryInstrument(instrument: string): Promise<void>
  /** Takes back that Fermata quits when the sheets in flight are done. */
  stay(): Promise<void>
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

  /** What was asked for is seen at once as `name`; what became of it follows with the answer. */
  async function command(name: Asked, asking: Promise<Result<JobSummary>>, jobId: string, what: string) {
    store.setAsked(jobId, name)
    const answer = await asking
    if (answer.ok) store.merge(answer.value)
    else failed(`${what} ${store.getState().projection.jobs.get(jobId)?.name ?? 'the job'} did not work`, answer.problem)
    store.setAsked(jobId, null)
    return answer
  }

  type JobCall = 'jobs.pause' | 'jobs.resume' | 'jobs.cancel' | 'jobs.freeze' | 'jobs.thaw'
  const onJob = (name: Asked, call: JobCall, what: string) => async (jobId: string) => {
    await command(name, ask(bridge, call, { jobId }), jobId, what)
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
    pause: onJob('pause', 'jobs.pause', 'Pausing'),
    resume: onJob('resume', 'jobs.resume', 'Resuming'),
    cancel: onJob('cancel', 'jobs.cancel', 'Cancelling'),
    freeze: onJob('freeze', 'jobs.freeze', 'Freezing'),
    thaw: onJob('thaw', 'jobs.thaw', 'Thawing'),
    endSurvivors: async (jobId) => {
      const ending = ask(bridge, 'jobs.endSurvivors', { jobId })
      const answer = await command('endSurvivors', ending, jobId, 'Ending the processes of')
      if (!answer.ok || answer.value.survivors.length === 0) return
      const title = `Still running: ${answer.value.survivors.join(', ')}`
      const message = 'The system does not let Fermata end what belongs to another user or waits for a device.'
      store.toast({ tone: 'problem', title, message })
    },
    onSheet: async (jobId, sheet, action) => {
      const call = action === 'retry' ? 'jobs.retrySheet' : 'jobs.skipSheet'
      const what = action === 'retry' ? `Running sheet ${sheet} again in` : `Leaving out sheet ${sheet} of`
      await command(action, ask(bridge, call, { jobId, sheet }), jobId, what)
    },
    decide: async (jobId, sheet, decision) => {
      await command('decide', ask(bridge, 'jobs.decide', { jobId, sheet, decision }), jobId, 'Deciding on')
    },
    pauseAll: () => all(ask(bridge, 'jobs.pauseAll', null), 'will pause after the present sheet', 'Pausing'),
    resumeAll: () => all(ask(bridge, 'jobs.resumeAll', null), 'resumed', 'Resuming'),
    openWorkspace: async (jobId) => {
      const answer = await ask(bridge, 'jobs.openWorkspace', { jobId })
      if (!answer.ok) failed('The workspace could not be opened', answer.problem)
    },
    setLimit: async ({ instrument, model }, mode) => {
      const name = stationName(instrument, model)
      const answer = await ask(bridge, 'instruments.setLimit', { instrument, model, mode })
      if (answer.ok) store.toast({ tone: 'news', ...LIMIT_NEWS[mode](name) })
      else failed(`The limit of ${name} was not changed`, answer.problem)
    },
    retryInstrument: async (instrument) => {
      const answer = await ask(bridge, 'instruments.retry', { instrument })
      if (answer.ok) store.toast({ tone: 'news', ...LIMIT_NEWS.now(instrument) })
      else failed(`${instrument} is not tried again`, answer.problem)
    },
    stay: async () => {
      const answer = await ask(bridge, 'app.stay', null)
      if (!answer.ok) failed('Fermata still quits', answer.problem)
    },
  }
}

type News = (name: string) => { readonly title: string; readonly message: string | null }

/** What becomes of the sheets that wait for an instrument. */
const LIMIT_NEWS: Readonly<Record<LimitMode | 'now', News>> = {
  now: (name) => ({ title: `${name} is tried again`, message: 'One sheet goes first; the others follow when it works.' }),
  at_reset: (name) => ({ title: `${name} goes on when its limit ends`, message: null }),
  never: (name) => ({ title: `${name} waits for you`, message: 'Its sheets do not go on by themselves when the limit ends.' }),
}
