/** Failures in a row after which notifications count as degraded (Marianne §2.6). */
const THRESHOLD = 3

/** Whether notifications reach anyone, over all jobs. */
export interface NotificationHealth {
  readonly degraded: boolean
  record(arrived: boolean): void
}

/** @param onChange told once when three in a row have failed, and once when one arrives again */
export function createNotificationHealth(onChange: (degraded: boolean, failures: number) => void = () => {}): NotificationHealth {
  let failures = 0
  return {
    get degraded() {
      return failures >= THRESHOLD
    },
    record(arrived) {
      const before = failures
      failures = arrived ? 0 : failures + 1
      if (arrived && before >= THRESHOLD) onChange(false, before)
      if (failures === THRESHOLD) onChange(true, failures)
    },
  }
}
