/**
 * The number as a whole one between two others; `otherwise` for what is none. Those who ask for lines may be programs, and
 * may send anything.
 */
export const whole = (value: number, least: number, most: number, otherwise: number): number =>
  Number.isNaN(value) ? otherwise : Math.trunc(Math.min(most, Math.max(least, value)))
