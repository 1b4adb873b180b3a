import type { Launcher } from '../ports.ts'
import { createPosixLauncher } from './posix-launcher.ts'
import { createWindowsLauncher } from './windows-launcher.ts'

/** The launcher for this computer. On Windows it refuses to start anything; see {@link createWindowsLauncher}. */
export function createLauncher(platform: NodeJS.Platform = process.platform): Launcher {
  return platform === 'win32' ? createWindowsLauncher() : createPosixLauncher()
}
