import { attemptStart } from './attempt-start.ts'
import { logThroughput } from './log-throughput.ts'
import { logWindow } from './log-window.ts'
import { meter } from './meter.ts'
import { processGroups } from './process-groups.ts'
import { recovery } from './recovery.ts'
import { scheduling } from './scheduling.ts'
import { windowCommands } from './window-commands.ts'

/** Prints every figure next to its bare counterpart. Needs a display, a session bus and FERMATA_ELECTRON: `npm run bench` has them. */
for (const bench of [attemptStart, logThroughput, logWindow, meter, processGroups, recovery, scheduling, windowCommands]) {
  console.log(`\n${bench.name}`)
  for (const { what, value, bare, unit } of await bench.run()) {
    const figure = (number: number) => `${number.toFixed(2)} ${unit}`.padStart(12)
    console.log(`  ${what.padEnd(36)}${figure(value)}   bare ${figure(bare)}   ratio ${(value / bare).toFixed(2)}`)
  }
}
