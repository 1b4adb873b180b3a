import type { JobService } from '../../engine/index.ts'
import { pauseAll, resumeAll } from '../jobs/commands.ts'
import type { TrayCommand } from './tray-model.ts'

export interface TrayCommandParts {
  readonly jobs: JobService
  /** Shows the window, with the job when one is named. */
  readonly show: (jobId?: string) => void
  readonly showInstruments: () => void
  readonly quit: () => void
  /** Takes back that Fermata quits when the sheets in flight are done. */
  readonly stay: () => void
  /** The job may have moved on between the menu's last look and the click. */
  readonly onError: (error: unknown) => void
}

/** Carries out what a click in the tray's menu means. */
export function createTrayCommands({
  jobs,
  show,
  showInstruments,
  quit,
  stay,
  onError,
}: TrayCommandParts): (command: TrayCommand) => void {
  const carryOut = async (command: TrayCommand): Promise<unknown> => {
    switch (command.type) {
      case 'open_job':
        return show(command.jobId)
      case 'pause_job':
        return jobs.pause(command.jobId)
      case 'resume_job':
        return jobs.resume(command.jobId)
      case 'freeze_job':
        return jobs.freeze(command.jobId)
      case 'thaw_job':
        return jobs.thaw(command.jobId)
      case 'cancel_job':
        return jobs.cancel(command.jobId)
      case 'pause_all':
        return pauseAll(jobs)
      case 'resume_all':
        return resumeAll(jobs)
      case 'retry_instrument':
        return jobs.retryInstrument(command.instrument)
      case 'set_limit':
        return jobs.setLimit(command.instrument, command.model, command.mode)
      case 'open_window':
        return show()
      case 'open_instruments':
        return showInstruments()
      case 'quit':
        return quit()
      case 'stay':
        return stay()
    }
  }
  // Outside the click: a command may take away the menu that is just being clicked, and the desktop waits for its answer.
  return (command) => void setImmediate(() => carryOut(command).catch(onError))
}
