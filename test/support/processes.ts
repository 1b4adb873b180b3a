import { readdirSync, readFileSync } from 'node:fs'

/** A living process of an attempt, found by its environment. Linux only. */
export interface MarkedProcess {
  readonly pid: number
  readonly parent: number
  /** The value of FERMATA_ATTEMPT. */
  readonly marker: string
  readonly command: string
}

/** All living processes that carry an attempt's marker and whose environment mentions `text`, such as a test's own folder. */
export function processesWithMarker(text: string): MarkedProcess[] {
  return pids().flatMap((pid) => {
    const environment = readProc(pid, 'environ').split('\0')
    const marker = environment.find((entry) => entry.startsWith('FERMATA_ATTEMPT='))?.slice('FERMATA_ATTEMPT='.length)
    if (!marker || !environment.some((entry) => entry.includes(text)) || !isAlive(pid)) return []
    return [{ pid, parent: stat(pid)?.parent ?? 0, marker, command: readProc(pid, 'cmdline').replaceAll('\0', ' ').trim() }]
  })
}

/** Of these processes, those that live as long as their attempt: each attempt's first. */
export function attemptLeaders(text: string): MarkedProcess[] {
  const all = processesWithMarker(text)
  return all.filter(({ parent }) => !all.some(({ pid }) => pid === parent))
}

/** Whether the process runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  const state = stat(pid)?.state
  return state !== undefined && state !== 'Z' && state !== 'X'
}

/** The process and all that descend from it, except attempts: those outlive whoever started them. */
export function familyOf(pid: number): number[] {
  const family = [pid]
  const all = pids().map((child) => ({ child, parent: stat(child)?.parent }))
  for (const member of family) {
    for (const { child, parent } of all) {
      if (parent === member && !readProc(child, 'environ').includes('FERMATA_ATTEMPT=')) family.push(child)
    }
  }
  return family
}

/** SIGKILL to each; those already gone are no trouble. */
export function killAll(victims: readonly number[]): void {
  for (const pid of victims) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function stat(pid: number): { state: string; parent: number } | null {
  // "pid (name) state ppid …": the name may hold anything, a parenthesis too.
  const [state, parent] = readProc(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ')
  return state ? { state, parent: Number(parent) } : null
}

/** Empty when the process is gone meanwhile or is not ours. */
function readProc(pid: number, file: 'environ' | 'cmdline' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
