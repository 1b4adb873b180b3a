import { Notification } from 'electron'
import type { Disposer, Engine } from '../../engine/index.ts'
import { createCoalescer } from './coalesce.ts'
import { type Notice, noticeFor } from './notice.ts'

/** Electron forgets a notification nobody holds, and its click with it. The system's list is not endless either. */
const KEPT = 30

export interface Notifications {
  /** Shows a notice, or keeps it for the next digest when there were many. */
  tell(notice: Notice): void
  readonly dispose: Disposer
}

/** Tells of jobs that finished, failed, were paused or need somebody. `open` gets the job of a clicked notice. */
export function createNotifications(engine: Engine, open: (jobId: string | null) => void): Notifications {
  const kept = new Set<Notification>()
  const coalescer = createCoalescer((notice) => {
    if (!Notification.isSupported()) return
    const notification = new Notification({ title: notice.title, body: notice.body })
    const forget = () => kept.delete(notification)
    notification.on('click', () => {
      forget()
      open(notice.jobId)
    })
    notification.on('close', forget)
    kept.add(notification)
    const [oldest] = kept
    if (oldest && kept.size > KEPT) kept.delete(oldest)
    notification.show()
  })
  const unsubscribe = engine.events.on((event) => {
    if (event.type === 'notice') coalescer.add(event)
    if (event.type !== 'job') return
    engine.jobs.status(event.jobId).then(
      (job) => {
        const notice = noticeFor(event, job)
        if (notice) coalescer.add(notice)
      },
      // Gone meanwhile: nothing to tell of.
      () => {},
    )
  })
  return {
    tell: coalescer.add,
    dispose() {
      unsubscribe()
      coalescer.dispose()
    },
  }
}
