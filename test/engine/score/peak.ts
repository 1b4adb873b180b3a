import { readFileSync } from 'node:fs'
import { type Answer, read } from './reader.ts'

/** What reading one file came to, in a process that does nothing else. */
export interface Peak {
  readonly answer: Answer
  /** The most memory the whole process ever had. MB. */
  readonly peakMb: number
}

const [, , file = ''] = process.argv
const answer = read(readFileSync(file, 'utf8'))
console.log(JSON.stringify({ answer, peakMb: process.resourceUsage().maxRSS / 1024 } satisfies Peak))
