import type { z } from 'zod'
import { type CallName, type CallOutput, type Calls, calls, type Problem, type Result } from '../../../preload/contract.ts'
import { problemOf } from './problem.ts'

/** One handler for every call of the contract; a missing one does not compile. */
export type Handlers = {
  readonly [N in CallName]: (input: z.output<Calls[N]['input']>) => CallOutput<N> | Promise<CallOutput<N>>
}

const refused = (code: string, message: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: { code, message, remedy: null, file: null, findings: [] },
})

/** What a caller that is not Fermata's own page gets. */
export const notTrusted = refused('NOT_TRUSTED', "Only Fermata's own window may call this.")

/** Checks the input of a call, runs its handler, and turns whatever is thrown into data. Never rejects. */
export async function answer<N extends CallName>(handlers: Handlers, name: N, input: unknown): Promise<Result<CallOutput<N>>> {
  const parsed = calls[name].input.safeParse(input)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return refused('BAD_INPUT', `${name}: ${issue?.path.join('.') || 'input'}: ${issue?.message ?? 'not understood'}`)
  }
  try {
    // The schema of this very name has just produced the data; TypeScript cannot follow that through the union.
    const value = await handlers[name](parsed.data as never)
    return { ok: true, value }
  } catch (error) {
    const problem = problemOf(error)
    if (problem.code === 'INTERNAL') console.error(`fermata: ${name} failed`, error)
    return { ok: false, problem }
  }
}
