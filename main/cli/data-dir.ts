import { posix, win32 } from 'node:path'

/**
 * The folder Fermata keeps its data in when nobody names one: that of the desktop app, so that both show the same jobs.
 * It is what Electron calls `userData` on each system.
 * @param home Absolute path of the user's home folder.
 */
export function defaultDataDir(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  switch (platform) {
    case 'win32':
      return win32.join(environment.APPDATA || win32.join(home, 'AppData', 'Roaming'), 'Fermata')
    case 'darwin':
      return posix.join(home, 'Library', 'Application Support', 'Fermata')
    default:
      return posix.join(environment.XDG_CONFIG_HOME || posix.join(home, '.config'), 'Fermata')
  }
}
