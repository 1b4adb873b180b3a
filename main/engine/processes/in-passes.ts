import { setImmediate } from 'node:timers/promises'

/**
 * Makes costly looks common: whoever asks while a pass is under way shares the next one with all others that wait, so that
 * a pass always begins after the question, and no more than two are ever owed.
 */
export function inPasses<Question, Answer>(
  pass: (questions: readonly Question[]) => Promise<Answer>,
): (question: Question) => Promise<Answer> {
  let underway: Promise<unknown> = Promise.resolve()
  let next: { readonly questions: Question[]; readonly answer: Promise<Answer> } | null = null

  return (question) => {
    if (next !== null) {
      next.questions.push(question)
      return next.answer
    }
    const questions = [question]
    // Who asks in the same turn of the event loop is not to wait for a second pass.
    const answer = underway
      .then(() => setImmediate())
      .then(() => {
        next = null
        return pass(questions)
      })
    next = { questions, answer }
    underway = answer.catch(() => {})
    return answer
  }
}
