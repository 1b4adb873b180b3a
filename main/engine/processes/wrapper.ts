import { createHash } from 'node:crypto'

/** Signals a whole group may get. The wrapper outlives them to record how the command took them. */
const signals = 'HUP INT QUIT TERM USR1 USR2 PIPE ALRM'

/**
 * `$0` is the attempt's folder, `"$@"` the command.
 * - A signal before the command started ends the wrapper, so that it is not started any more.
 * - `trap :` and not `trap ''`: an ignored signal would stay ignored in the command.
 * - No variables: one that exists in the environment would be changed there for the command too.
 * - The shell's own "Killed" goes to nowhere: stderr belongs to the command.
 * - The pid is written once more when the exit status is there: whoever adopted the attempt watches that file, since the
 *   folder changes with all that the command prints.
 * - Signals are ignored at the end, so that a late one cannot hit `mv`.
 * - The limit on file locks has had no effect since Linux 2.4, and is inherited whatever a process does to its group, its
 *   environment and its parents: it carries the attempt's tag. Shells differ in its letter; where neither is known there is none.
 */
const scriptOf = (marker: string) => `exec 3>&2 2>/dev/null
ulimit -S -w ${limitTag(marker)} || ulimit -S -x ${limitTag(marker)}
printf '%s\\n' "$$" >"$0/pid.tmp" && command -p mv -f "$0/pid.tmp" "$0/pid"
trap : ${signals}
( exec "$@" 2>&3 3>&- )
set -- "$?"
trap '' ${signals}
printf '%s\\n' "$1" >"$0/exit.tmp" && command -p mv -f "$0/exit.tmp" "$0/exit" && printf '%s\\n' "$$" >"$0/pid"
exit "$1"
`

/** How an attempt's processes say whose they are: every one of them inherits this from the wrapper's environment. */
export function environmentMark(marker: string): string {
  return `FERMATA_ATTEMPT=${marker}`
}

/** The same as a number, which Linux keeps among each process's limits. A nested Fermata's attempts have one of their own. */
export function limitTag(marker: string): string {
  return String(Number.parseInt(createHash('sha256').update(marker).digest('hex').slice(0, 13), 16))
}

/** First line of the wrapper's script: tells the wrapper from its descendants, also where environments cannot be read. */
export function wrapperMark(marker: string): string {
  return `# ${environmentMark(marker)}`
}

/** A marker stands in a script's comment and in process lists: one word of printable ASCII. */
export function isMarker(marker: string | undefined): marker is string {
  return marker !== undefined && /^[\x21-\x5b\x5d-\x7e]{1,200}$/.test(marker)
}

/** Arguments for `/bin/sh` that run `command` with `folder` as its attempt folder. `command` starts with an absolute path. */
export function wrapperArguments(marker: string, folder: string, command: readonly string[]): string[] {
  return ['-c', `${wrapperMark(marker)}\n${scriptOf(marker)}`, folder, ...command]
}
