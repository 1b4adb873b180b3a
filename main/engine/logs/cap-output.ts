import type { Settings } from '../settings/settings.ts'
import { capLogs } from './cap-logs.ts'

const MB = 1024 * 1024

/**
 * Keeps the output in a folder (absolute path) within the limit its user set. Never rejects. Only while its instrument writes: a
 * cut in a log that is being read would take its end away.
 */
export function capOutputWithin(
  settings: () => Pick<Settings, 'logLimitMb'>,
  onProblem: (message: string, error: unknown) => void,
): (folder: string) => Promise<void> {
  return async (folder) => {
    const { logLimitMb } = settings()
    if (logLimitMb === 0) return
    await capLogs(folder, logLimitMb * MB).catch((error: unknown) =>
      onProblem(`The output in ${folder} could not be cut.`, error),
    )
  }
}
