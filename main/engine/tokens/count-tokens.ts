import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { roughTokens } from './rough-tokens.ts'
import { type TokenAnswer, type TokenQuestion, tokenThread } from './token-thread.ts'

/** The vocabulary takes some 80 MB: the thread that holds it goes when nobody asked for so long, in ms. */
const restMs = 60_000

interface Asked {
  readonly text: string
  readonly answer: (tokens: number) => void
}

let thread: Worker | null = null
let resting: NodeJS.Timeout | undefined
let asked = new Map<number, Asked>()
let last = 0

/**
 * How many tokens a text has by the tokenizer of OpenAI's present models (o200k). Those of other makers differ by some tenths at
 * most; for what Fermata does with the figure that is near enough. The tokenizer is loaded when it is first asked, in a thread of
 * its own. Never rejects: where it cannot be loaded the tokens are guessed from the characters.
 */
export function countTokens(text: string): Promise<number> {
  if (text === '') return Promise.resolve(0)
  return new Promise((answer) => {
    clearTimeout(resting)
    try {
      thread ??= startThread()
    } catch {
      answer(roughTokens(text))
      return
    }
    const question: TokenQuestion = { number: ++last, text }
    asked.set(question.number, { text, answer })
    thread.ref()
    thread.postMessage(question)
  })
}

function startThread(): Worker {
  const library = createRequire(import.meta.url).resolve('gpt-tokenizer/encoding/o200k_base')
  const started = new Worker(`(${tokenThread.toString()})()`, { eval: true, workerData: library })
  started.on('message', ({ number, tokens }: TokenAnswer) => {
    asked.get(number)?.answer(tokens)
    asked.delete(number)
    if (asked.size === 0) rest(started)
  })
  const gone = () => {
    if (thread !== started) return
    thread = null
    const open = asked
    asked = new Map()
    for (const { text, answer } of open.values()) answer(roughTokens(text))
  }
  started.on('error', gone)
  started.on('exit', gone)
  return started
}

/** Nothing keeps this process alive any more on its account, and after a while it is gone. */
function rest(idle: Worker): void {
  idle.unref()
  resting = setTimeout(() => {
    if (asked.size > 0 || thread !== idle) return
    thread = null
    void idle.terminate()
  }, restMs)
  resting.unref()
}
