import type { TextStream } from '../engine/index.ts'
import type { Signals } from './signals.ts'

/** Where the command finds itself. */
export interface Place {
  readonly stdout: TextStream
  readonly stderr: TextStream
  readonly environment: NodeJS.ProcessEnv
  readonly signals: Signals
  /** Absolute path of the bundled assets. */
  readonly assetsDir: string
  /** Absolute path used when the command names none. */
  readonly defaultDataDir: string
}
