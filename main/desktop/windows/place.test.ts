import { describe, expect, it } from 'vitest'
import { boundsFor, MIN_SIZE, parsePlace } from './place.ts'

const screen = { x: 0, y: 0, width: 1920, height: 1040 }
const second = { x: 1920, y: 0, width: 1280, height: 1000 }
const place = { x: 100, y: 60, width: 900, height: 600, maximized: false }

describe('the place of the window', () => {
  it('is where it was', () => {
    expect(boundsFor(place, [screen])).toEqual({ x: 100, y: 60, width: 900, height: 600 })
    expect(boundsFor({ ...place, x: 2000 }, [screen, second])).toMatchObject({ x: 2000 })
  })

  it('is chosen by the system when its screen is gone, the size stays', () => {
    expect(boundsFor({ ...place, x: 2000 }, [screen])).toEqual({ width: 900, height: 600 })
    expect(boundsFor({ ...place, y: -50 }, [screen])).toEqual({ width: 900, height: 600 })
    expect(boundsFor({ ...place, x: -890 }, [screen])).toEqual({ width: 900, height: 600 })
  })

  it('fits the screen at first and is never smaller than can be used', () => {
    expect(boundsFor(null, [{ ...screen, width: 1000, height: 700 }])).toEqual({ width: 1000, height: 700 })
    expect(boundsFor({ ...place, width: 10, height: 10 }, [screen])).toMatchObject(MIN_SIZE)
  })

  it('is forgotten when what was kept is damaged', () => {
    expect(parsePlace(JSON.stringify(place))).toEqual(place)
    expect(parsePlace('{"x":1')).toBeNull()
    expect(parsePlace('{"x":"1"}')).toBeNull()
    expect(parsePlace(JSON.stringify({ ...place, width: -1 }))).toBeNull()
  })
})
