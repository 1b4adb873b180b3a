import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseStat } from './linux-processes.ts'
import { readUnits } from './linux-units.ts'
import { parsePsLine } from './mac-processes.ts'

describe('a line of /proc/<pid>/stat', () => {
  const rest = '1 4321 4321 0 -1 4194304 103 0 0 0 1 20 300 4000 20 0 1 0 121301 3133440 418'

  it('is read past a program name of any characters', () => {
    expect(parseStat(`4321 (a) R 9 (b c) S ${rest}`)).toMatchObject({ state: 'running', group: 4321, ticks: 121_301 })
  })

  it('tells the time a process and its children ran, and its memory', () => {
    expect(parseStat(`4321 (sh) S ${rest}`)).toMatchObject({ cpuTicks: 1 + 20 + 300 + 4000, pages: 418 })
  })

  it('tells frozen, waiting and ended processes', () => {
    expect(parseStat(`4321 (sh) T ${rest}`)?.state).toBe('frozen')
    expect(parseStat(`4321 (sh) D ${rest}`)?.state).toBe('waiting')
    expect(parseStat(`4321 (sh) Z ${rest}`)?.state).toBe('ended')
  })

  it('does not take a process for ended of which only the first thread has', () => {
    expect(parseStat(`4321 (sh) Z ${rest.replace(' 20 0 1 0 ', ' 20 0 2 0 ')}`)?.state).toBe('running')
  })

  it('is nothing when the process vanished while it was read', () => {
    expect(parseStat('')).toBeNull()
  })
})

describe('the units of /proc', () => {
  it('are what getconf says', () => {
    const getconf = (name: string) => Number(execFileSync('getconf', [name], { encoding: 'utf8' }))
    expect(readUnits(readFileSync('/proc/self/auxv'))).toEqual({
      pageBytes: getconf('PAGESIZE'),
      ticksPerSecond: getconf('CLK_TCK'),
    })
  })

  it('are read where words are short, and guessed where nothing is told', () => {
    const auxv = Buffer.from(new Uint32Array([6, 16_384, 17, 250, 0, 0]).buffer)
    expect(readUnits(auxv, 'arm')).toEqual({ pageBytes: 16_384, ticksPerSecond: 250 })
    expect(readUnits(Buffer.alloc(0))).toEqual({ pageBytes: 4096, ticksPerSecond: 100 })
  })
})

describe('a line of ps on macOS', () => {
  const line = (command: string, state = 'Ss', pid = 812, time = '0:01.25') =>
    `  ${pid}     1   812 ${state}     1536   ${time} Mon Feb  2 09:05:01 2026     ${command}`

  it('knows the wrapper by its script, since the system hides the environment of /bin/sh', () => {
    const script = '/bin/sh -c # FERMATA_ATTEMPT=job.1.1\\012trap : HUP\\012 /data/a claude -p'
    expect(parsePsLine(line(script), 'job.1.1')).toEqual({
      pid: 812,
      parent: 1,
      group: 812,
      startTime: 'Mon Feb 2 09:05:01 2026',
      state: 'running',
      mark: 'wrapper',
      memoryBytes: 1536 * 1024,
      cpuMs: 1250,
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

  it('tells the time a process ran, in minutes, hours or days', () => {
    const cpuOf = (time: string) => parsePsLine(line('', 'Ss', 812, time), undefined)?.cpuMs
    expect([cpuOf('123:04.05'), cpuOf('1:02:03.50'), cpuOf('2-01:02:03')]).toEqual([7_384_050, 3_723_500, 176_523_000])
  })

  it('tells frozen, waiting and ended processes, and what is no process', () => {
    expect(parsePsLine(line('sh', 'T'), 'm')?.state).toBe('frozen')
    expect(parsePsLine(line('sh', 'U+'), 'm')?.state).toBe('waiting')
    expect(parsePsLine(line('<defunct>', 'Z'), 'm')?.state).toBe('ended')
    expect(parsePsLine('', 'm')).toBeNull()
  })
})
