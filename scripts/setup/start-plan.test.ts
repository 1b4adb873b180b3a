import { describe, expect, it } from 'vitest'
import { planStart } from './start-plan.mjs'

const display = { DISPLAY: ':0' }

describe('npm start', () => {
  it('opens the window where there is a display', () => {
    expect(planStart([], display, 'linux')).toBe('window')
    expect(planStart(['score.yaml', '--data-dir', 'd'], { WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe('window')
    expect(planStart([], {}, 'darwin')).toBe('window')
    expect(planStart([], {}, 'win32')).toBe('window')
  })

  it('runs the score in the terminal without a display', () => {
    expect(planStart(['score.yaml'], {}, 'linux')).toBe('terminal')
    expect(planStart(['--data-dir', 'd', 'score.yaml'], { DISPLAY: '' }, 'linux')).toBe('terminal')
  })

  it.each(['--headless', '--json', '--dry-run'])('runs it in the terminal for %s', (option) => {
    expect(planStart(['score.yaml', option], display, 'linux')).toBe('terminal')
    expect(planStart([option, 'score.yaml'], {}, 'darwin')).toBe('terminal')
  })

  it('tells how to call it when the terminal has no score to run', () => {
    expect(planStart([], {}, 'linux')).toBe('usage')
    expect(planStart(['--headless'], display, 'linux')).toBe('usage')
    expect(planStart(['--data-dir', 'd'], {}, 'linux')).toBe('usage')
  })

  it('leaves questions about itself to the command', () => {
    expect(planStart(['--help'], display, 'linux')).toBe('terminal')
    expect(planStart(['--version'], {}, 'linux')).toBe('terminal')
  })
})
