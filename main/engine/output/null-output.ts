import type { OutputProtocol } from '../ports.ts'

/** Marianne §5.1: reports to nobody. */
export const nullOutput: OutputProtocol = {
  log() {},
  progress() {},
  sheetEvent() {},
  jobEvent() {},
}
