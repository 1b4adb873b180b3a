/** One line about what the set-up does. On stderr: stdout belongs to the program that is started. */
export function say(line) {
  process.stderr.write(`fermata: ${line}\n`)
}

/** A failure somebody can act on: what went wrong, and what to do about it. */
export class SetupError extends Error {
  constructor(message, remedy) {
    super(message)
    this.name = 'SetupError'
    this.remedy = remedy
  }
}

/**
 * Runs a script's body. A set-up failure is told in two lines and ends the process with status 1, options
 * that do not exist with status 2.
 */
export async function main(body) {
  try {
    await body()
  } catch (error) {
    if (error.code?.startsWith('ERR_PARSE_ARGS')) {
      say(error.message)
      process.exit(2)
    }
    if (!(error instanceof SetupError)) throw error
    say(error.message)
    if (error.remedy) say(`→ ${error.remedy}`)
    process.exit(1)
  }
}
