import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Disposer } from '../../main/engine/ports.ts'

const isRoot = process.getuid?.() === 0

const run = (program: string, ...args: string[]): void => void execFileSync(program, args, { stdio: 'pipe' })

/** A disk of `bytes`, empty, at `folder`. Only where {@link CAN_MOUNT}. */
export function mountSmallDisk(folder: string, bytes: number): Disposer {
  mkdirSync(folder, { recursive: true })
  run('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'fermata-test', folder)
  return () => run('umount', '--lazy', folder)
}

/** Lets nobody write into `folder` and what is in it. Only where {@link CAN_MAKE_READ_ONLY}. */
export function makeReadOnly(folder: string): Disposer {
  if (!isRoot) {
    chmodSync(folder, 0o500)
    return () => chmodSync(folder, 0o700)
  }
  // Rights are nothing to root.
  run('mount', '--bind', folder, folder)
  run('mount', '-o', 'remount,bind,ro', folder)
  return () => run('umount', '--lazy', folder)
}

/** Whether disks can be mounted here: on Linux as root, and not in every container. */
export const CAN_MOUNT = process.platform === 'linux' && isRoot && canMount()

export const CAN_MAKE_READ_ONLY = CAN_MOUNT || !isRoot

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-mount-'))
  try {
    mountSmallDisk(folder, 65_536)()
    return true
  } catch {
    return false
  } finally {
    rmdirSync(folder)
  }
}
