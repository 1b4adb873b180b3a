/** Failures in a row after which notifications count as degraded (Marianne §2.6). */
const THRESHOLD = 3
/** Channels of scores whose last delivery is remembered. */
const REMEMBERED = 200

/** How the deliveries to one channel went. Times are epoch ms. */
export interface Deliveries {
  readonly lastDeliveredAt: number | null
  readonly lastFailure: { readonly at: number; readonly message: string } | null
  /** The last one did not arrive. */
  readonly failing: boolean
}

/** Whether notifications reach anyone, over all jobs and channels. */
export interface NotificationHealth {
  /** Since when three or more in a row did not arrive, in epoch ms; null while they do. */
  degradedSince(): number | null
  /** Null for a channel that nothing was delivered to yet. */
  of(channel: string): Deliveries | null
  /** `why` is null when it arrived. Answers whether that is news: the first failure in a row of this channel. */
  record(channel: string, why: string | null): boolean
}

/** @param onDegraded told once when three in a row have failed, until one arrives again */
export function createNotificationHealth(
  now: () => number,
  onDegraded: (failures: number) => void = () => {},
): NotificationHealth {
  const channels = new Map<string, Deliveries>()
  let failures = 0
  let since: number | null = null
  return {
    degradedSince: () => since,
    of: (channel) => channels.get(channel) ?? null,
    record(channel, why) {
      const at = now()
      const before = channels.get(channel) ?? { lastDeliveredAt: null, lastFailure: null, failing: false }
      // The newest stands last, the one to forget first.
      channels.delete(channel)
      channels.set(
        channel,
        why === null
          ? { ...before, lastDeliveredAt: at, failing: false }
          : { ...before, lastFailure: { at, message: why }, failing: true },
      )
      const [oldest] = channels.keys()
      if (channels.size > REMEMBERED && oldest !== undefined) channels.delete(oldest)
      failures = why === null ? 0 : failures + 1
      if (why === null) since = null
      if (failures === THRESHOLD) {
        since = at
        onDegraded(failures)
      }
      return why !== null && !before.failing
    },
  }
}
