import type { Redact } from './redactor.ts'

type Tell = (message: string, error?: unknown) => void

/** Tells problems without the secrets in them or in the errors behind them. */
export function telling(tell: Tell, redact: Redact): Tell {
  return (message, ...rest) => {
    for (const error of rest) if (error instanceof Error) clean(error, redact)
    tell(redact(message), ...rest)
  }
}

/** The error itself: a copy would lose its class. */
function clean(error: Error, redact: Redact): void {
  const message = redact(error.message)
  if (message !== error.message) {
    error.stack = redact(error.stack ?? '')
    error.message = message
  }
  if (error.cause instanceof Error) clean(error.cause, redact)
}
