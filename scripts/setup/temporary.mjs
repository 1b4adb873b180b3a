import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inTools } from './paths.mjs'
import { isAlive } from './run.mjs'

const place = inTools('tmp')

/**
 * Gives `work` an empty folder on the disk of `.tools`, so that what it makes can be renamed into its
 * place in one step: a set-up interrupted half-way leaves no half-made thing where a whole one belongs.
 */
export async function inTemporaryFolder(work) {
  mkdirSync(place, { recursive: true })
  const folder = mkdtempSync(join(place, `${process.pid}-`))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Removes what interrupted set-ups left. */
export function sweepTemporaryFolders() {
  mkdirSync(place, { recursive: true })
  for (const name of readdirSync(place)) {
    if (!isAlive(Number.parseInt(name, 10))) rmSync(join(place, name), { recursive: true, force: true })
  }
}
