import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import type { Mark, ProcessEntry, ProcessQuery, ProcessTable } from './process-table.ts'
import { environmentMark, wrapperMark } from './wrapper.ts'

/** Processes looked at in one turn of the event loop. */
const slice = 64

/** Processes as `/proc` tells them. */
export function linuxProcesses(): ProcessTable {
  // Start times count from boot: only together with the boot's id do they name a process for good.
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

  return {
    startTimeOf(pid) {
      const facts = readStat(pid)
      return facts && `${boot}:${facts.ticks}`
    },
    async list({ pids, marker, since }: ProcessQuery) {
      const wanted = pids ?? (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
      const oldest = since?.startsWith(`${boot}:`) ? Number(since.slice(boot.length + 1)) : 0
      const found: ProcessEntry[] = []
      for (const [index, pid] of wanted.entries()) {
        if (index % slice === slice - 1) await setImmediate()
        const facts = readStat(pid)
        if (facts === null) continue
        const { group, state, ticks } = facts
        const canBeMarked = marker !== undefined && state !== 'ended' && ticks >= oldest
        const mark = canBeMarked ? await markOf(pid, group, marker) : 'unproven'
        found.push({ pid, group, state, startTime: `${boot}:${ticks}`, mark })
      }
      return found
    },
  }
}

/** Synchronous: `stat` never makes its reader wait, and a turn of the thread pool would cost ten times the reading. */
function readStat(pid: number): StatFacts | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return null
  }
}

/** Not synchronous: a process that hangs in the kernel can make the reader of its environment hang too. */
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
  readonly ticks: number
}

/** The parts of `/proc/<pid>/stat` (proc(5)) we need, or null when the text is not one. */
export function parseStat(text: string): StatFacts | null {
  // The program's name stands in parentheses and may contain any character, parentheses too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [letter, , group] = fields
  const ticks = fields[19]
  if (letter === undefined || group === undefined || ticks === undefined) return null
  const state = letter === 'Z' || letter === 'X' ? 'ended' : letter === 'T' ? 'frozen' : 'running'
  return { state, group: Number(group), ticks: Number(ticks) }
}
