import { z } from 'zod'

/** Where the window was: outer bounds in device-independent pixels. */
const place = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  maximized: z.boolean(),
})
export type Place = z.output<typeof place>

export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const MIN_SIZE = { width: 720, height: 480 } as const
const FIRST_SIZE = { width: 1180, height: 760 } as const
/** So much of the window's top must be on a screen for it to be grabbed. */
const GRIP = { width: 120, height: 40 } as const

/** What was remembered, or null when it cannot be understood. */
export function parsePlace(json: string): Place | null {
  try {
    return place.safeParse(JSON.parse(json)).data ?? null
  } catch {
    return null
  }
}

const isReachable = (window: Place, { x, y, width, height }: Area): boolean =>
  window.x + window.width - GRIP.width >= x &&
  window.x + GRIP.width <= x + width &&
  window.y >= y &&
  window.y + GRIP.height <= y + height

/**
 * The bounds to open the window with: where it was, unless the screen it was on is gone; then only its size.
 *
 * @param areas work areas of the screens, the first one of them the main one
 */
export function boundsFor(remembered: Place | null, areas: readonly Area[]): Partial<Area> & { width: number; height: number } {
  const main = areas[0] ?? { ...FIRST_SIZE, x: 0, y: 0 }
  const width = Math.max(MIN_SIZE.width, Math.min(remembered?.width ?? FIRST_SIZE.width, main.width))
  const height = Math.max(MIN_SIZE.height, Math.min(remembered?.height ?? FIRST_SIZE.height, main.height))
  if (!remembered || !areas.some((area) => isReachable(remembered, area))) return { width, height }
  return {
    x: remembered.x,
    y: remembered.y,
    width: Math.max(MIN_SIZE.width, remembered.width),
    height: Math.max(MIN_SIZE.height, remembered.height),
  }
}
