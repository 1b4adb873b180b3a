import type { Page } from '@playwright/test'
import type { Bridge } from '../../preload/contract.ts'

/** What has to be drawn for a command to count as seen. The selectors name one element each. */
export interface Watched {
  /** Any change of it, ticking numbers apart, is the first sign that the click was taken. */
  readonly within: string
  /** Where the truth stands. */
  readonly truthAt: string
  /** What its state (`data-status`, then `frozen` if it is, then its text) reads like once it is drawn. */
  readonly truth: RegExp
}

/** In ms, from the click until the frame that shows it was drawn. */
export interface Seen {
  readonly first: number
  readonly truth: number
}

interface Probe {
  seen: Promise<Seen>
}

/** Watches the page from its next click on. Everything is measured inside the page, by its own clock. */
export async function watchNextClick(page: Page, watched: Watched): Promise<() => Promise<Seen>> {
  const { within, truthAt, truth } = watched
  await page.evaluate(
    ([within, truthAt, truth]) => {
      /** Calls back when the frame with what is in the document now was handed on. */
      const drawn = (then: () => void) => requestAnimationFrame(() => setTimeout(then))
      const stateOf = (selector: string) => {
        const element = document.querySelector<HTMLElement>(selector)
        if (!element) return ''
        return `${element.dataset.status} ${element.dataset.frozen ? 'frozen ' : ''}${element.textContent}`
      }
      const lookOf = (selector: string) =>
        `${stateOf(selector).replace(/\d+/g, '')} ${document.querySelectorAll(`${selector} [aria-disabled]`).length}`

      const seen = new Promise<{ first: number; truth: number }>((done, fail) => {
        setTimeout(() => fail(new Error(`${truth} was not drawn: ${stateOf(truthAt)}`)), 20_000)
        const click = (event: MouseEvent) => {
          // When the window got it, not when the page came to it.
          const clicked = event.timeStamp
          const before = lookOf(within)
          let first: number | null = null
          let changed = false
          const observer = new MutationObserver(() => {
            if (!changed && lookOf(within) !== before) {
              changed = true
              drawn(() => {
                first = performance.now() - clicked
              })
            }
            if (!new RegExp(truth).test(stateOf(truthAt))) return
            observer.disconnect()
            drawn(() => {
              const now = performance.now() - clicked
              done({ first: first ?? now, truth: now })
            })
          })
          observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
        }
        document.addEventListener('click', click, { capture: true, once: true })
      })
      Object.assign(globalThis, { fermataProbe: { seen } })
    },
    [within, truthAt, truth.source] as const,
  )
  return () => page.evaluate(async () => (globalThis as unknown as { fermataProbe: Probe }).fermataProbe.seen)
}

/** The bare thing: from a moment like any other through a call that does nearly nothing to a drawn frame, in ms. */
export function roundTrips(page: Page, rounds: number): Promise<readonly number[]> {
  return page.evaluate(async (count) => {
    const { fermata } = globalThis as unknown as { fermata: Bridge }
    const samples: number[] = []
    for (let round = 0; round < count; round += 1) {
      // Clicks do not come in step with the frames.
      await new Promise((then) => setTimeout(then, 20 + Math.random() * 16))
      const begun = performance.now()
      await fermata.call('settings.get', null)
      await new Promise((then) => requestAnimationFrame(() => setTimeout(then)))
      samples.push(performance.now() - begun)
    }
    return samples
  }, rounds)
}
