import { describe, expect, it } from 'vitest'
import { parseStat } from './linux-processes.ts'
import { parsePsLine } from './mac-processes.ts'

describe('a line of /proc/<pid>/stat', () => {
  const rest = '1 4321 4321 0 -1 4194304 103 0 0 0 0 0 0 0 20 0 1 0 121301 3133440 418'

  it('is read past a program name of any characters', () => {
    expect(parseStat(`4321 (a) R 9 (b c) S ${rest}`)).toEqual({ state: 'running', group: 4321, ticks: 121_301 })
  })

  it('tells frozen and ended processes', () => {
    expect(parseStat(`4321 (sh) T ${rest}`)?.state).toBe('frozen')
    expect(parseStat(`4321 (sh) Z ${rest}`)?.state).toBe('ended')
  })

  it('is nothing when the process vanished while it was read', () => {
    expect(parseStat('')).toBeNull()
  })
})

describe('a line of ps on macOS', () => {
  const line = (command: string, state = 'Ss', pid = 812) => `  ${pid}   812 ${state}   Mon Feb  2 09:05:01 2026     ${command}`

  it('knows the wrapper by its script, since the system hides the environment of /bin/sh', () => {
    const script = '/bin/sh -c # FERMATA_ATTEMPT=job.1.1\\012trap : HUP\\012 /data/a claude -p'
    expect(parsePsLine(line(script), 'job.1.1')).toEqual({
      pid: 812,
      group: 812,
      startTime: 'Mon Feb 2 09:05:01 2026',
      state: 'running',
      mark: 'wrapper',
    })
    expect(parsePsLine(line(script), 'job.1')?.mark).toBe('unproven')
    // Forked from the wrapper and not yet the command: the same script, but not the group's leader.
    expect(parsePsLine(line(script, 'S', 813), 'job.1.1')?.mark).not.toBe('wrapper')
  })

  it('knows descendants by their environment', () => {
    const command = 'node server.js PATH=/usr/bin FERMATA_ATTEMPT=job.1.1 HOME=/Users/me'
    expect(parsePsLine(line(command), 'job.1.1')?.mark).toBe('descendant')
    expect(parsePsLine(line(command), 'job.1.11')?.mark).toBe('unproven')
    expect(parsePsLine(line(command), undefined)?.mark).toBe('unproven')
  })

  it('tells frozen and ended processes, and what is no process', () => {
    expect(parsePsLine(line('sh', 'T'), 'm')?.state).toBe('frozen')
    expect(parsePsLine(line('<defunct>', 'Z'), 'm')?.state).toBe('ended')
    expect(parsePsLine('', 'm')).toBeNull()
  })
})
