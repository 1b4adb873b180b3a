import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import { inPasses } from './in-passes.ts'
import type { Mark, ProcessEntry, ProcessQuery, ProcessState, ProcessTable } from './process-table.ts'
import { environmentMark, wrapperMark } from './wrapper.ts'

const run = promisify(execFile)
/** `lstart` is printed in the language and time zone of whoever asks: fix both, so that it stays equal on journeys. */
const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
const facts = 'pid=,ppid=,pgid=,state=,rss=,time=,lstart='

/** Processes as `ps` tells them on macOS. */
export function macProcesses(): ProcessTable {
  // -E adds the environment, -ww keeps ps from cutting the line.
  const withMarks = ['-E', '-ww', '-o', `${facts},command=`]
  const allWithMarks = inPasses(() => ps(['-A', ...withMarks]))

  return {
    startTimeOf(pid) {
      try {
        const text = execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], { env, encoding: 'utf8' })
        return text.trim().replace(/\s+/g, ' ') || null
      } catch {
        return null
      }
    },
    async list({ pids, marker }: ProcessQuery) {
      if (pids?.length === 0) return []
      const what = marker === undefined ? ['-o', facts] : withMarks
      const output = pids
        ? await ps(['-p', pids.join(','), ...what])
        : await (marker === undefined ? ps(['-A', ...what]) : allWithMarks(marker))
      return output.split('\n').flatMap((line) => parsePsLine(line, marker) ?? [])
    },
  }
}

async function ps(args: readonly string[]): Promise<string> {
  try {
    return (await run('/bin/ps', args, { env, maxBuffer: 256 * 1024 * 1024 })).stdout
  } catch (error) {
    // It answers with status 1 and no output when none of the pids exists.
    if (error instanceof Error && 'code' in error && error.code === 1) return ''
    throw error
  }
}

/** One line of `ps -o pid=,ppid=,pgid=,state=,rss=,time=,lstart=`, with or without `command=`, or null when it is not one. */
export function parsePsLine(line: string, marker: string | undefined): ProcessEntry | null {
  const match =
    /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+(?:(\d+)-)?([\d:.]+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s?(.*)$/.exec(line)
  if (!match) return null
  const [, pid = '', parent = '', group = '', letters = '', kibibytes, days = 0, time = '', startTime = '', command = ''] = match
  const seconds = time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    startTime: startTime.replace(/\s+/g, ' '),
    state: stateOf(letters),
    mark: marker === undefined ? 'unproven' : markIn(command, pid === group, marker),
    memoryBytes: Number(kibibytes) * 1024,
    cpuMs: Math.round((Number(days) * 86_400 + seconds) * 1000),
  }
}

function stateOf(letters: string): ProcessState {
  if (letters.startsWith('Z')) return 'ended'
  if (letters.startsWith('T')) return 'frozen'
  return letters.startsWith('U') ? 'waiting' : 'running'
}

/** The system hides the environment of its own programs (/bin/sh too), but not the wrapper's script. */
function markIn(command: string, leads: boolean, marker: string): Mark {
  if (leads && containsWord(command, wrapperMark(marker))) return 'wrapper'
  return containsWord(command, ` ${environmentMark(marker)}`) ? 'descendant' : 'unproven'
}

/** `ps` shows a newline as `\012`, so a backslash ends a word too. */
function containsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const next = text[at + word.length]
    if (next === undefined || next === ' ' || next === '\\') return true
  }
  return false
}
