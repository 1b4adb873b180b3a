/** Where the keyboard can go on: the row of the job, the log, or the title of the page. */
const HOMES = 'li[data-job-id] a, [role=log], h1[tabindex]'

/**
 * A control that goes away, because what it offered is done, takes the keyboard's focus with it: this moves it to the nearest
 * place that is left. Returns a function that ends the watching.
 */
export function keepFocus(): () => void {
  /** What had the focus last, and all it stood in, from the inside out. */
  let path: readonly Element[] = []

  /** A click beside everything leaves nothing: then nothing is lost either. */
  const remember = () => {
    path = pathOf(document.activeElement)
  }
  const rescue = () => {
    if (document.activeElement !== document.body || path.length === 0 || path[0]?.isConnected) return
    const around = path
    path = []
    for (const element of around) {
      const home = element.isConnected ? element.querySelector<HTMLElement>(HOMES) : null
      if (home) return home.focus()
    }
  }

  const observer = new MutationObserver(rescue)
  observer.observe(document.body, { childList: true, subtree: true })
  document.addEventListener('focusin', remember)
  document.addEventListener('pointerup', remember)
  return () => {
    observer.disconnect()
    document.removeEventListener('focusin', remember)
    document.removeEventListener('pointerup', remember)
  }
}

function pathOf(element: Element | null): readonly Element[] {
  const path: Element[] = []
  for (let next = element; next && next !== document.body; next = next.parentElement) path.push(next)
  return path
}
