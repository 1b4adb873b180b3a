import { parentPort } from 'node:worker_threads'
import { completeScore, parseScore } from '../../../main/engine/score/parse.ts'
import { planScore } from '../../../main/engine/score/plan.ts'

/** What became of a text: its plan, or the errors that say why there is none. */
export interface Answer {
  readonly sheets: number
  readonly errors: number
  readonly findings: number
  /** A finding without a place, or whatever was thrown; null is right. */
  readonly fault: string | null
}

export interface Outcome extends Answer {
  /** Time the thread really worked, so that a busy computer does no harm. */
  readonly cpuMs: number
}

/** Reads scores in a thread of its own, whose memory is bounded by whoever starts it. */
parentPort?.on('message', (text: string) => {
  const before = process.threadCpuUsage()
  let result: Answer
  try {
    result = read(text)
  } catch (error) {
    result = { sheets: 0, errors: 0, findings: 0, fault: error instanceof Error ? `${error.stack}` : String(error) }
  }
  const { user, system } = process.threadCpuUsage(before)
  parentPort?.postMessage({ ...result, cpuMs: (user + system) / 1000 } satisfies Outcome)
})

export function read(text: string): Answer {
  const { draft, diagnostics } = parseScore(text, { file: '/scores/a.yaml', directory: '/scores', home: '/home/ada' })
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const lost = diagnostics.find(({ line, column }) => !(line >= 1 && column >= 1))
  const score = draft && completeScore(draft, '{{ sheet_num }}').score
  const sheets = score ? planScore(score).sheets.length : 0
  return { sheets, errors, findings: diagnostics.length, fault: lost ? `no place: ${lost.message}` : null }
}
