import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { inPasses } from './in-passes.ts'
import { type LinuxUnits, readUnits } from './linux-units.ts'
import type { Mark, ProcessEntry, ProcessQuery, ProcessState, ProcessTable } from './process-table.ts'
import { environmentMark, limitTag, wrapperMark } from './wrapper.ts'

/** Processes looked at in one turn of the event loop; also how many environments are read at a time. */
const slice = 32
/** How often the list is read for one look, at most. */
const mostRounds = 12
/** How often a process is asked that shows no environment: it may just be beginning another program. */
const mostQuestions = 3

/** A process with the attempt it names in its environment and in its limits, if it has one and it was read. */
interface Seen extends StatFacts {
  readonly pid: number
  readonly attempt: string | null
  readonly tag: string | null
  readonly isWrapper: boolean
  readonly isSilent: boolean
}

/** Processes as `/proc` tells them. */
export function linuxProcesses(): ProcessTable {
  // Start times count from boot: only together with the boot's id do they name a process for good.
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  const units = readUnits(readFileSync('/proc/self/auxv'))
  // Stopping many attempts at once reads the environments of all their processes once, and not once for each attempt.
  const lookAtAll = inPasses((sinces: readonly number[]) => look(undefined, Math.min(...sinces)))

  function ticksOf(startTime: string | undefined): number {
    return startTime?.startsWith(`${boot}:`) ? Number(startTime.slice(boot.length + 1)) : 0
  }

  return {
    startTimeOf(pid) {
      try {
        const facts = readStat(pid)
        return facts && `${boot}:${facts.ticks}`
      } catch {
        return null
      }
    },
    async list({ pids, marker, since }: ProcessQuery) {
      const oldest = marker === undefined ? Number.POSITIVE_INFINITY : ticksOf(since)
      const seen = pids || marker === undefined ? await look(pids, oldest) : await lookAtAll(oldest)
      const tag = marker === undefined ? null : limitTag(marker)
      return seen.map((one) => entryOf(one, boot, units, marker, tag))
    },
  }
}

/** These processes, or all; with the attempts of those that are not older than `oldest` (clock ticks after boot). */
async function look(pids: readonly number[] | undefined, oldest: number): Promise<readonly Seen[]> {
  const seen = new Map<number, Seen>()
  const asked = new Map<number, number>()
  const isOpen = (pid: number) => (asked.get(pid) ?? 0) < (seen.get(pid)?.isSilent ? mostQuestions : 1)
  // Group 0 is the kernel's own. And nobody enters an older session: descendants are in their wrapper's, or in new ones.
  const canBeMarked = ({ state, group, session, ticks }: Seen) =>
    state !== 'ended' && group !== 0 && ticks >= oldest && !((seen.get(session)?.ticks ?? oldest) < oldest)

  // Whoever forks and ends while the list is read leaves only a child that is not in it: to find all of an attempt, the
  // list is read until nothing new is in it, or somebody starts one after another without end.
  for (let round = pids || oldest === Number.POSITIVE_INFINITY ? 1 : mostRounds; round > 0; round -= 1) {
    const open = (pids ?? allPids()).filter(isOpen)
    if (open.length === 0) break
    const found: Seen[] = []
    await inSlices(open, (pid) => {
      asked.set(pid, (asked.get(pid) ?? 0) + 1)
      const facts = readStat(pid)
      if (facts) found.push({ pid, attempt: null, tag: null, isWrapper: false, isSilent: false, ...facts })
    })
    for (const one of found) seen.set(one.pid, one)
    await inSlices(found.filter(canBeMarked), async (one) => seen.set(one.pid, await withAttempt(one)))
  }
  return [...seen.values()]
}

/** A few at a time, so that the event loop goes on in between. */
async function inSlices<T>(all: readonly T[], work: (one: T) => unknown): Promise<void> {
  for (let start = 0; start < all.length; start += slice) {
    if (start > 0) await setImmediate()
    await Promise.all(all.slice(start, start + slice).map(work))
  }
}

function allPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function entryOf(seen: Seen, boot: string, units: LinuxUnits, marker: string | undefined, tag: string | null): ProcessEntry {
  return {
    pid: seen.pid,
    parent: seen.parent,
    group: seen.group,
    startTime: `${boot}:${seen.ticks}`,
    state: seen.state,
    mark: marker === undefined ? 'unproven' : markOf(seen, marker, tag),
    memoryBytes: seen.pages * units.pageBytes,
    cpuMs: (seen.cpuTicks * 1000) / units.ticksPerSecond,
  }
}

function markOf(seen: Seen, marker: string, tag: string | null): Mark {
  if (seen.attempt === marker) return seen.isWrapper ? 'wrapper' : 'descendant'
  if (seen.tag !== null && seen.tag === tag) return 'descendant'
  return seen.isSilent ? 'silent' : 'unproven'
}

/** Synchronous: `stat` never makes its reader wait, and a turn of the thread pool would cost ten times the reading. */
function readStat(pid: number): StatFacts | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch (error) {
    if (isAbsent(error) || isDenied(error)) return null
    throw error
  }
}

/** Not synchronous: a process that hangs in the kernel can make the reader of its environment hang too. */
async function withAttempt(seen: Seen): Promise<Seen> {
  const environment = await readProc(seen.pid, 'environ')
  const name = environmentMark('')
  const entry = environment?.split('\0').find((one) => one.startsWith(name))
  if (entry === undefined) {
    const tag = tagIn((await readProc(seen.pid, 'limits')) ?? '')
    return { ...seen, tag, isSilent: environment === '' && tag === null }
  }
  const attempt = entry.slice(name.length)
  const leads = seen.pid === seen.group
  const isWrapper = leads && (await readProc(seen.pid, 'cmdline'))?.includes(`\0${wrapperMark(attempt)}\n`) === true
  return { ...seen, attempt, isWrapper }
}

/** What the wrapper left in the limits of all its descendants; null for those that have none (proc(5)). */
const tagIn = (limits: string): string | null => /^Max file locks +(\d+) /m.exec(limits)?.[1] ?? null

/** Empty when the process is gone, null when the system does not show it: it is another user's, or keeps secrets. */
function readProc(pid: number, file: 'environ' | 'limits' | 'cmdline'): Promise<string | null> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch((error: unknown) => {
    if (isAbsent(error)) return ''
    if (isDenied(error)) return null
    throw error
  })
}

/** Only this means that a process is gone. Any other failure, such as too many open files, would make the list lie. */
function isAbsent(error: unknown): boolean {
  return hasCode(error, 'ENOENT', 'ESRCH')
}

function isDenied(error: unknown): boolean {
  return hasCode(error, 'EACCES', 'EPERM')
}

function hasCode(error: unknown, ...codes: readonly unknown[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(error.code)
}

interface StatFacts {
  readonly state: ProcessState
  readonly parent: number
  readonly group: number
  readonly session: number
  /** Clock ticks between boot and the process's start. */
  readonly ticks: number
  /** Clock ticks it ran, its children that it waited for included. */
  readonly cpuTicks: number
  /** Resident memory, in pages. */
  readonly pages: number
}

/** The parts of `/proc/<pid>/stat` (proc(5)) we need, or null when the text is not one. */
export function parseStat(text: string): StatFacts | null {
  // The program's name stands in parentheses and may contain any character, parentheses too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [letter = ''] = fields
  if (fields.length < 22) return null
  const number = (index: number) => Number(fields[index])
  return {
    state: stateOf(letter, number(17)),
    parent: number(1),
    group: number(2),
    session: number(3),
    ticks: number(19),
    cpuTicks: number(11) + number(12) + number(13) + number(14),
    pages: number(21),
  }
}

function stateOf(letter: string, threads: number): ProcessState {
  // Its first thread has ended, and others go on.
  if (letter === 'Z' && threads > 1) return 'running'
  if (letter === 'Z' || letter === 'X') return 'ended'
  if (letter === 'T') return 'frozen'
  return letter === 'D' ? 'waiting' : 'running'
}
