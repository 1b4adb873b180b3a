/**
 * Asks `probe` again and again until it gives something other than false, null or undefined, and returns that.
 * A probe that throws counts as "not yet". `timeoutMs` is in milliseconds.
 * @throws Error naming `what`, with the last answer or error, when the time is over.
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  timeoutMs = 20_000,
): Promise<Exclude<T, false | null | undefined>> {
  const end = Date.now() + timeoutMs
  for (;;) {
    let last: unknown
    try {
      const answer = await probe()
      if (answer !== false && answer !== null && answer !== undefined) return answer as Exclude<T, false | null | undefined>
      last = answer
    } catch (error) {
      last = error
    }
    if (Date.now() >= end) throw new Error(`waited ${timeoutMs} ms in vain for: ${what} (last: ${String(last)})`, { cause: last })
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
