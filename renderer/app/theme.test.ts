import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

type Rgb = readonly [number, number, number]
type Theme = Readonly<Record<string, Rgb>>

const css = readFileSync(join(import.meta.dirname, 'theme.css'), 'utf8')
const themes = { light: readTheme(css.split('@media (prefers-color-scheme: dark)')[0] ?? ''), dark: readTheme(darkPart(css)) }

const SURFACES = ['bg', 'panel', 'card', 'hover', 'accent-soft'] as const
const ROLES = ['run', 'ok', 'wait', 'pause', 'fail', 'skip'] as const

/** WCAG 2: text needs 4.5 : 1. */
const AA_TEXT = 4.5
/** WCAG 2: shapes that carry meaning need 3 : 1. */
const AA_SHAPE = 3

describe.each(Object.entries(themes))('the %s theme', (_, theme) => {
  it.each(SURFACES)('writes every kind of text readably on %s', (surface) => {
    for (const ink of ['text', 'dim', 'faint', 'accent', ...ROLES]) {
      expect(contrast(colour(theme, ink), colour(theme, surface)), `${ink} on ${surface}`).toBeGreaterThanOrEqual(AA_TEXT)
    }
  })

  it.each(ROLES)('writes %s readably on its own tint', (role) => {
    for (const surface of ['bg', 'card'] as const) {
      const tint = mix(colour(theme, role), colour(theme, surface), 0.1)
      expect(contrast(colour(theme, role), tint)).toBeGreaterThanOrEqual(AA_TEXT)
    }
  })

  it('writes readably on what can be pressed', () => {
    expect(contrast(colour(theme, 'on-accent'), colour(theme, 'accent'))).toBeGreaterThanOrEqual(AA_TEXT)
  })

  it.each(ROLES.filter((role) => role !== 'skip'))('tells a %s segment from the empty track', (role) => {
    expect(contrast(colour(theme, role), colour(theme, 'track'))).toBeGreaterThanOrEqual(AA_SHAPE)
  })
})

it('has the same roles in both themes', () => {
  expect(Object.keys(themes.dark).sort()).toEqual(Object.keys(themes.light).sort())
  expect(Object.keys(themes.light).length).toBeGreaterThan(15)
})

function darkPart(text: string): string {
  return text.slice(text.indexOf('@media (prefers-color-scheme: dark)'), text.indexOf('@theme inline'))
}

function readTheme(text: string): Theme {
  return Object.fromEntries(
    [...text.matchAll(/--([\w-]+): #([0-9a-f]{6});/g)].map(([, name = '', hex = '']) => [
      name,
      [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb,
    ]),
  )
}

function colour(theme: Theme, name: string): Rgb {
  const found = theme[name]
  if (!found) throw new Error(`theme.css has no --${name}`)
  return found
}

function mix(over: Rgb, under: Rgb, share: number): Rgb {
  return over.map((part, index) => part * share + (under[index] ?? 0) * (1 - share)) as unknown as Rgb
}

function contrast(a: Rgb, b: Rgb): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(rgb: Rgb): number {
  const [r = 0, g = 0, b = 0] = rgb.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
