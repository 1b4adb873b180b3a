import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import type { Mark, ProcessEntry, ProcessQuery, ProcessTable } from './process-table.ts'
import { environmentMark, wrapperMark } from './wrapper.ts'

/** Reads at once, so that a long process list does not fill the thread pool. */
const batch = 32

/** Processes as `/proc` tells them. */
export function linuxProcesses(): ProcessTable {
  // Start times count from boot: only together with the boot's id do they name a process for good.
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

  async function entry(pid: number, marker: string | undefined): Promise<ProcessEntry | null> {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
    const facts = text === null ? null : parseStat(text)
    if (facts === null) return null
    const mark = marker === undefined || facts.state === 'ended' ? 'unproven' : await markOf(pid, facts.group, marker)
    return { pid, group: facts.group, state: facts.state, startTime: `${boot}:${facts.ticks}`, mark }
  }

  return {
    startTimeOf(pid) {
      try {
        const facts = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
        return facts && `${boot}:${facts.ticks}`
      } catch {
        return null
      }
    },
    async list({ pids, marker }: ProcessQuery) {
      const wanted = pids ?? (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
      const found: ProcessEntry[] = []
      for (let at = 0; at < wanted.length; at += batch) {
        const entries = await Promise.all(wanted.slice(at, at + batch).map((pid) => entry(pid, marker)))
        found.push(...entries.filter((one) => one !== null))
      }
      return found
    },
  }
}

async function markOf(pid: number, group: number, marker: string): Promise<Mark> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
  if (!`\0${environment}\0`.includes(`\0${environmentMark(marker)}\0`)) return 'unproven'
  if (pid !== group) return 'descendant'
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return command.includes(`\0${wrapperMark(marker)}\n`) ? 'wrapper' : 'descendant'
}

interface StatFacts {
  readonly state: ProcessEntry['state']
  readonly group: number
  /** Clock ticks between boot and the process's start. */
  readonly ticks: string
}

/** The parts of `/proc/<pid>/stat` (proc(5)) we need, or null when the text is not one. */
export function parseStat(text: string): StatFacts | null {
  // The program's name stands in parentheses and may contain any character, parentheses too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [letter, , group] = fields
  const ticks = fields[19]
  if (letter === undefined || group === undefined || ticks === undefined) return null
  const state = letter === 'Z' || letter === 'X' ? 'ended' : letter === 'T' ? 'frozen' : 'running'
  return { state, group: Number(group), ticks }
}
