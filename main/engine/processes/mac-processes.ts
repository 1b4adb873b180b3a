import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import type { Mark, ProcessEntry, ProcessQuery, ProcessTable } from './process-table.ts'
import { environmentMark, wrapperMark } from './wrapper.ts'

const run = promisify(execFile)
/** `lstart` is printed in the language and time zone of whoever asks: fix both, so that it stays equal on journeys. */
const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** Processes as `ps` tells them on macOS. */
export function macProcesses(): ProcessTable {
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
      const which = pids === undefined ? ['-A'] : ['-p', pids.join(',')]
      // -E adds the environment, -ww keeps ps from cutting the line.
      const what = ['-E', '-ww', '-o', 'pid=,pgid=,state=,lstart=,command=']
      // ps answers with status 1 and no output when none of the pids exists.
      const { stdout } = await run('/bin/ps', [...which, ...what], { env, maxBuffer: 256 * 1024 * 1024 }).catch((error) => {
        if (error instanceof Error && 'code' in error && error.code === 1) return { stdout: '' }
        throw error
      })
      return stdout.split('\n').flatMap((line) => parsePsLine(line, marker) ?? [])
    },
  }
}

/** One line of `ps -E -o pid=,pgid=,state=,lstart=,command=`, or null when it is not one. */
export function parsePsLine(line: string, marker: string | undefined): ProcessEntry | null {
  const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s?(.*)$/.exec(line)
  if (!match) return null
  const [, pid = '', group = '', letters = '', startTime = '', command = ''] = match
  return {
    pid: Number(pid),
    group: Number(group),
    startTime: startTime.replace(/\s+/g, ' '),
    state: letters.startsWith('Z') ? 'ended' : letters.startsWith('T') ? 'frozen' : 'running',
    mark: marker === undefined ? 'unproven' : markIn(command, pid === group, marker),
  }
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
