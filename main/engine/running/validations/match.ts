import { Worker } from 'node:worker_threads'
import { compilePattern } from '../../score/pattern.ts'

/** Patterns such as `(a+)+$` can take years; a reasonable one on 64 MB takes a second. */
const LONGEST_MS = 5000

const SEARCH = `
const { parentPort, workerData: { source, flags, content } } = require('node:worker_threads')
parentPort.postMessage(new RegExp(source, flags).test(content))
`

/**
 * Whether the pattern is found in the text. Searched in a thread of its own: a pattern that never comes to an end must not
 * hold up every other job.
 *
 * @returns null when it took longer than 5 s, or `signal` was aborted
 */
export function matches(pattern: string, content: string, signal: AbortSignal): Promise<boolean | null> {
  const { source, flags } = compilePattern(pattern)
  const worker = new Worker(SEARCH, { eval: true, workerData: { source, flags, content } })
  return new Promise((resolve, reject) => {
    const giveUp = () => finish(null)
    const deadline = setTimeout(giveUp, LONGEST_MS)
    const finish = (matched: boolean | null) => {
      clearTimeout(deadline)
      signal.removeEventListener('abort', giveUp)
      resolve(matched)
      void worker.terminate()
    }
    worker.once('message', finish)
    worker.once('error', (error) => {
      reject(error)
      finish(null)
    })
    signal.addEventListener('abort', giveUp)
    if (signal.aborted) giveUp()
  })
}
