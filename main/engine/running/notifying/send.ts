import type { Trying } from './target.ts'

/** A message over HTTP. */
export interface Message extends Trying {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export type Wait = (ms: number) => Promise<void>

/** Sends it; tries again on 5xx and when there is no answer in time, and on nothing else. Null when it arrived, else why not. */
export async function send(message: Message, wait: Wait): Promise<string | null> {
  for (let retry = 0; ; retry++) {
    const { why, final } = await sendOnce(message)
    if (why === null || final || retry >= message.retries) return why
    await wait(message.retryDelayMs)
  }
}

/** Their messages would hold the address or a header, which are secrets. */
const NO_ADDRESS = 'its address or one of its headers makes no sense'

async function sendOnce({ url, headers, body, timeoutMs }: Message): Promise<{ why: string | null; final: boolean }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
      // What is meant for one address is told to no other.
      redirect: 'manual',
    })
    // Unread, an answer would hold its connection.
    await response.body?.cancel()
    if (response.ok) return { why: null, final: true }
    return { why: `it answered with status ${response.status}`, final: response.status < 500 }
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      return { why: `no answer within ${timeoutMs / 1000} s`, final: false }
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : null
    const code = cause && 'code' in cause ? String(cause.code) : ''
    return { why: code === 'ERR_INVALID_URL' ? NO_ADDRESS : cause?.message || NO_ADDRESS, final: !/TIMEOUT|ETIMEDOUT/.test(code) }
  }
}
