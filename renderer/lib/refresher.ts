/**
 * Runs `load` at most once at a time. Asked again meanwhile, it runs once more afterwards, however often it was asked:
 * the last answer is never older than the last question.
 */
export function createRefresher(load: () => Promise<void>): () => void {
  let busy = false
  let again = false
  return function refresh() {
    if (busy) {
      again = true
      return
    }
    busy = true
    void load().finally(() => {
      busy = false
      if (again) {
        again = false
        refresh()
      }
    })
  }
}
