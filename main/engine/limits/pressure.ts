/** How the computer is. */
export interface Strain {
  /** Free memory in percent of all; null where the system does not tell. */
  readonly freeMemoryPercent: number | null
  /** Processes of all running attempts. */
  readonly processes: number
}

/** From when on nothing new is started (Marianne §6.4); 0 switches one off. */
export interface StrainLimits {
  readonly minFreeMemoryPercent: number
  readonly maxProcesses: number
}

/** Under pressure, work goes on only with so much more free memory than made it stop: no stop and go at the border. */
const RELIEF = 1.5

/**
 * Why the computer should not be given more to do, in plain words; null when it may.
 *
 * @param pressed it was under pressure when last looked at
 */
export function pressureOf({ freeMemoryPercent, processes }: Strain, limits: StrainLimits, pressed: boolean): string | null {
  const { minFreeMemoryPercent: least, maxProcesses } = limits
  if (freeMemoryPercent !== null && least > 0 && freeMemoryPercent < (pressed ? least * RELIEF : least))
    return `the computer is short of memory (${Math.floor(freeMemoryPercent)} % free)`
  if (maxProcesses > 0 && processes >= maxProcesses)
    return `the running sheets have ${processes} processes, the most is ${maxProcesses}`
  return null
}

/** Memory runs out though nothing new starts. */
export const isCritical = ({ freeMemoryPercent }: Strain, { minFreeMemoryPercent: least }: StrainLimits): boolean =>
  freeMemoryPercent !== null && freeMemoryPercent < least / 2
