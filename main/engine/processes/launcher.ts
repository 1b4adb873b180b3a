import { LaunchError } from '../errors.ts'
import type { Launcher } from '../ports.ts'
import { createPosixLauncher } from './posix-launcher.ts'

/**
 * The launcher for this computer.
 * @throws LaunchError LAUNCHER_UNSUPPORTED on Windows, which has neither process groups nor sessions.
 */
export function createLauncher(platform: NodeJS.Platform = process.platform): Launcher {
  if (platform !== 'win32') return createPosixLauncher()
  throw new LaunchError('LAUNCHER_UNSUPPORTED', 'Fermata cannot run jobs on Windows yet.', {
    remedy: 'Run it inside the Windows Subsystem for Linux.',
  })
}
