import { Notification } from 'electron'
import type { Disposer, Notice, ShowNotice } from '../../engine/index.ts'
import { createCoalescer } from './coalesce.ts'

/** Electron forgets a notification nobody holds, and its click with it. The system's list is not endless either. */
const KEPT = 30
/** Systems that do not say whether they have shown a notification have it by then. */
const SHOWN_AFTER_MS = 2000

export interface Notifications {
  /** Shows a notice, or keeps it for the next digest when there were many. */
  readonly show: ShowNotice
  readonly dispose: Disposer
}

/** The desktop's notifications. `open` gets the job of a clicked notice. */
export function createNotifications(open: (jobId: string | null) => void): Notifications {
  const kept = new Set<Notification>()

  const show = (notice: Notice): Promise<string | null> => {
    if (!Notification.isSupported()) return Promise.resolve('this desktop shows no notifications')
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
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), SHOWN_AFTER_MS)
      const settle = (why: string | null) => {
        clearTimeout(timer)
        resolve(why)
      }
      notification.on('show', () => settle(null))
      notification.on('failed', (_event, error) => {
        forget()
        settle(`the desktop refused it: ${error}`)
      })
      notification.show()
    })
  }

  const coalescer = createCoalescer(show)
  return { show: coalescer.add, dispose: coalescer.dispose }
}
