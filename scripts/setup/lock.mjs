import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { inTools } from './paths.mjs'
import { isAlive } from './run.mjs'
import { say } from './say.mjs'

/** Runs `work` while no other set-up in this folder does; one that died is not waited for. */
export async function alone(work, file = inTools('lock')) {
  mkdirSync(dirname(file), { recursive: true })
  for (let told = false; !take(file); told = true) {
    if (!told) say(`waiting for another set-up in this folder (process ${holder(file)})`)
    await wait(250)
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    const pid = holder(file)
    // 0: somebody between creating the file and writing the number, or just gone.
    if (pid === 0 || isAlive(pid)) return false
    rmSync(file, { force: true })
    return take(file)
  }
}

function holder(file) {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return 0
  }
}
