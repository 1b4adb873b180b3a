import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { familyOf, isAlive, killAll } from './processes.ts'
import { until } from './wait.ts'

export const projectRoot = join(import.meta.dirname, '..', '..')

export interface LaunchOptions {
  /** Folder for everything the app keeps; also what makes it another app than the one next to it. */
  readonly dataDir: string
  /** Home folder, so that nothing of the person's own is read or written. */
  readonly home: string
  /** What follows on the command line, such as a score file. */
  readonly args?: readonly string[]
  readonly cwd?: string
}

/** A running Fermata, as a test holds it. */
export interface Fermata {
  readonly electron: ElectronApplication
  readonly pid: number
  /** The window, waited for; a new one each time it was closed and opened again. */
  window(): Promise<Page>
  /** SIGKILL to the main process and Electron's children, not to the attempts. Returns when all are gone. */
  kill(): Promise<void>
  /** Waits until the app has ended by itself and gives its exit status, null after a signal. */
  exited(): Promise<number | null>
  /** What it wrote to its standard streams since it can be driven. */
  output(): string
}

/** Starts the built app in the real Electron and drives it. */
export async function launchFermata(options: LaunchOptions): Promise<Fermata> {
  const electron = await _electron.launch({
    executablePath: electronBinary(),
    args: commandLine(options),
    env: environment(options),
    // Playwright would hold the page to the light theme.
    colorScheme: null,
    ...(options.cwd ? { cwd: options.cwd } : {}),
  })
  const main = electron.process()
  const pid = main.pid
  if (pid === undefined) throw new Error('Electron did not start')
  const output: string[] = []
  main.stdout?.on('data', (chunk) => output.push(String(chunk)))
  main.stderr?.on('data', (chunk) => output.push(String(chunk)))

  return {
    electron,
    pid,
    window: () => until('a window', () => electron.windows().find((page) => page.url().startsWith('app://'))),
    kill: () => endFamily(pid),
    async exited() {
      await until('the end of the app', () => hasEnded(main))
      return main.exitCode
    },
    output: () => output.join(''),
  }
}

/** A start that is only watched. */
export interface PlainStart {
  readonly pid: number
  output(): string
  /** Waits until it has ended by itself and gives its exit status, null after a signal. */
  ended(): Promise<number | null>
  kill(): Promise<void>
}

/** Starts the app without driving it, as a person's second start, or one that comes to nothing. */
export function startUndriven(options: LaunchOptions): PlainStart {
  const child = spawn(electronBinary(), commandLine(options), { env: environment(options), cwd: options.cwd })
  const { pid } = child
  if (pid === undefined) throw new Error('Electron did not start')
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)))
  return {
    pid,
    output: () => output.join(''),
    async ended() {
      await until('the end of the start', () => hasEnded(child))
      return child.exitCode
    },
    kill: () => endFamily(pid),
  }
}

/** SIGKILL to the process and what it started, but attempts. Returns when all are gone. */
async function endFamily(pid: number): Promise<void> {
  const family = familyOf(pid)
  killAll(family)
  await until('the end of all Electron processes', () => !family.some(isAlive))
}

export function electronBinary(): string {
  const binary = process.env.FERMATA_ELECTRON
  if (!binary) throw new Error('FERMATA_ELECTRON does not name an Electron binary: start the desktop tests with "npm test"')
  return binary
}

function commandLine({ dataDir, args = [] }: LaunchOptions): string[] {
  // Chromium refuses its sandbox to root.
  return [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), projectRoot, '--data-dir', dataDir, ...args]
}

function environment({ home }: LaunchOptions): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(inherited), HOME: home, XDG_CONFIG_HOME: join(home, '.config') }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
