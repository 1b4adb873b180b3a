/** Lets pieces of work with the same key run one after another, in the order they were asked for. */
export function inTurn(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (key, work) => {
    const mine = (last.get(key) ?? Promise.resolve()).then(work)
    const settled = mine.then(forget, forget)
    function forget() {
      if (last.get(key) === settled) last.delete(key)
    }
    last.set(key, settled)
    return mine
  }
}
