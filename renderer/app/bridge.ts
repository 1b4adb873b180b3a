import type { Bridge, CallInput, CallName, CallOutput, Problem, Result } from '../../preload/contract.ts'

declare global {
  interface Window {
    /** Put there by the preload script. */
    readonly fermata: Bridge
  }
}

const NO_ANSWER: Problem = {
  code: 'NO_ANSWER',
  message: 'Fermata did not answer.',
  remedy: 'Jobs go on running. Try again; if it stays like this, quit Fermata and start it again.',
  file: null,
  findings: [],
}

/** A call that never rejects: a border that breaks is a problem like any other, to be shown and not thrown. */
export async function ask<N extends CallName>(bridge: Bridge, name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>> {
  try {
    return await bridge.call(name, input)
  } catch {
    return { ok: false, problem: NO_ANSWER }
  }
}
