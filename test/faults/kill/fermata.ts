import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Answer, Order } from '../../support/orders.ts'

/** An engine in a process of its own. */
export interface KillableFermata {
  /** The ids of the jobs it took in. */
  readonly ids: readonly string[]
  tell(order: Order): Promise<Answer>
  /** SIGKILL. */
  kill(): Promise<void>
}

/** Answers when it is ready. */
export async function startFermata(dataDir: string, ...scores: readonly string[]): Promise<KillableFermata> {
  const script = join(import.meta.dirname, '../../support/engine-host.ts')
  const child: ChildProcess = spawn(process.execPath, [script, dataDir, ...scores], { stdio: ['pipe', 'pipe', 'inherit'] })
  if (!child.stdin || !child.stdout) throw new Error('no streams to talk over')
  const { stdin } = child
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  // What is told to one that was just killed is lost.
  stdin.on('error', () => {})
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done) throw new Error('Fermata has ended')
    return value
  }
  const kill = async () => {
    const gone = once(child, 'exit')
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await gone
  }
  const ids: string[] = []
  for (let line = await next(); line !== 'ready'; line = await next()) ids.push(line)
  return {
    ids,
    async tell(order) {
      stdin.write(`${JSON.stringify(order)}\n`)
      return JSON.parse(await next()) as Answer
    },
    kill,
  }
}
