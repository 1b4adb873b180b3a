import { cleanup, configure, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, vi } from 'vitest'
import { Window } from '../../renderer/app/app.tsx'
import { createApp } from '../../renderer/state/app-context.ts'
import type { FakeBridge } from './fake-bridge.ts'

/** Px: what the elements that scroll show at once. jsdom lays nothing out, so the tests say how big things are. */
export const VIEW_HEIGHT = 380

// Generous for a busy machine: waiting ends with the condition, not with the time. Without styles nothing is hidden,
// and asking jsdom for the style of every ancestor is most of what a query would cost.
configure({ asyncUtilTimeout: 10_000, defaultHidden: true })
vi.setConfig({ testTimeout: 30_000 })

afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

/** The whole window over a fake bridge, in jsdom. */
export function renderWindow(bridge: FakeBridge) {
  giveLayout()
  const app = createApp(bridge)
  render(<Window app={app} />)
  return { app, user: userEvent.setup() }
}

/** A row of the list, by its job's id. */
export async function rowOf(jobId: string): Promise<HTMLElement> {
  return await vi.waitFor(() => {
    const row = document.querySelector<HTMLElement>(`li[data-job-id="${jobId}"]`)
    if (!row) throw new Error(`no row of ${jobId} among: ${screen.queryAllByRole('link').map((link) => link.textContent)}`)
    return row
  })
}

/** What jsdom leaves out: sizes, scrolling to a place, and modal dialogs. */
function giveLayout(): void {
  const prototype = HTMLElement.prototype
  Object.defineProperty(prototype, 'offsetHeight', { configurable: true, get: () => VIEW_HEIGHT })
  Object.defineProperty(prototype, 'offsetWidth', { configurable: true, get: () => 800 })
  Object.defineProperty(prototype, 'clientHeight', { configurable: true, get: () => VIEW_HEIGHT })
  Object.defineProperty(prototype, 'scrollHeight', {
    configurable: true,
    get(this: HTMLElement) {
      const inner = this.firstElementChild
      return inner instanceof HTMLElement ? Number.parseFloat(inner.style.height) || 0 : 0
    },
  })
  const tops = new WeakMap<HTMLElement, number>()
  Object.defineProperty(prototype, 'scrollTop', {
    configurable: true,
    get(this: HTMLElement) {
      return tops.get(this) ?? 0
    },
    set(this: HTMLElement, top: number) {
      tops.set(this, Math.max(0, Math.min(top, this.scrollHeight - this.clientHeight)))
      // Later, as in a browser: never while React is in the middle of its work.
      queueMicrotask(() => this.dispatchEvent(new Event('scroll')))
    },
  })
  prototype.scrollIntoView = () => undefined
  prototype.scrollTo = function (this: HTMLElement, to?: ScrollToOptions | number) {
    if (typeof to === 'object') this.scrollTop = to.top ?? this.scrollTop
  }
  globalThis.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  HTMLDialogElement.prototype.showModal = function () {
    this.setAttribute('open', '')
  }
  HTMLDialogElement.prototype.close = function () {
    this.removeAttribute('open')
  }
}
