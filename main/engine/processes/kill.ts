/**
 * The only place that signals a process group. Refuses what would hit more than one attempt: group 1 and below (`kill(-1)`
 * means everything we may signal) and our own group.
 * @returns whether a process got the signal.
 */
export function safeKillGroup(group: number, signal: NodeJS.Signals, ownGroup: number): boolean {
  if (!Number.isInteger(group) || group <= 1 || group === ownGroup) return false
  return send(-group, signal)
}

/** Signals one process; never init, never ourselves. Returns whether it got the signal. */
export function safeKill(pid: number, signal: NodeJS.Signals): boolean {
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) return false
  return send(pid, signal)
}

function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(target, signal)
  } catch {
    // Gone already, or not ours to signal: whoever asked looks at the process list afterwards.
    return false
  }
}
