/** A message over HTTP. */
export interface Message {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  /** For each try. */
  readonly timeoutMs: number
  /** Further tries when the other side fails or does not answer. */
  readonly retries: number
  readonly retryDelayMs: number
}

export type Wait = (ms: number) => Promise<void>

/** Sends it; tries again on a timeout, a broken connection, "too many requests" and 5xx. Null when it arrived, else why not. */
export async function send(message: Message, wait: Wait): Promise<string | null> {
  for (let retry = 0; ; retry++) {
    const { why, final } = await sendOnce(message)
    if (why === null || final || retry >= message.retries) return why
    await wait(message.retryDelayMs)
  }
}

async function sendOnce({ url, headers, body, timeoutMs }: Message): Promise<{ why: string | null; final: boolean }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    })
    // Unread, an answer would hold its connection.
    await response.body?.cancel()
    if (response.ok) return { why: null, final: true }
    return { why: `it answered with status ${response.status}`, final: response.status < 500 && response.status !== 429 }
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      return { why: `no answer within ${timeoutMs / 1000} s`, final: false }
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : ''
    return { why: cause || (error instanceof Error ? error.message : String(error)), final: false }
  }
}
