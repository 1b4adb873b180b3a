const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** By their first letter. */
const units: Readonly<Record<string, number>> = { s: second, m: minute, h: hour, d: day, w: 7 * day }

/** Epoch seconds, or ms, told apart by their size. @returns epoch ms */
export function epochToMs(stamp: number): number {
  return stamp >= 1e12 ? stamp : stamp * second
}

/** "2 hours 13 minutes", "4h12m33s", "an hour", "500ms". @returns ms */
export function spanToMs(text: string): number {
  const parts = text.matchAll(/(\d+(?:\.\d+)?(?=\s*[a-z])|\b(?:an?|one)(?=\s))\s*(ms|millis|[wdhms])/gi)
  const sum = [...parts].reduce((total, [, amount = '', name = '']) => {
    const many = /^\d/.test(amount) ? Number(amount) : 1
    return total + many * (name.length > 1 ? 1 : (units[name.toLowerCase()] ?? 0))
  }, 0)
  return Math.ceil(sum)
}
