/** What the numbers of `/proc` count in. */
export interface LinuxUnits {
  readonly pageBytes: number
  readonly ticksPerSecond: number
}

/** Keys in the vector of facts that the kernel hands to each program: getauxval(3). */
const pageSize = 6
const clockTicks = 17

/** The units as `/proc/self/auxv` tells them: what `getconf` says, without a process that could fail to start. */
export function readUnits(auxv: Buffer, arch: NodeJS.Architecture = process.arch): LinuxUnits {
  const wordBytes = arch === 'arm' || arch === 'ia32' ? 4 : 8
  const wordAt = (at: number) => (wordBytes === 4 ? auxv.readUInt32LE(at) : Number(auxv.readBigUInt64LE(at)))
  const facts = new Map<number, number>()
  for (let at = 0; at + 2 * wordBytes <= auxv.length; at += 2 * wordBytes) facts.set(wordAt(at), wordAt(at + wordBytes))
  return { pageBytes: facts.get(pageSize) ?? 4096, ticksPerSecond: facts.get(clockTicks) ?? 100 }
}
