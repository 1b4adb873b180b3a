import type { Role } from '../lib/status.ts'

/** Class names by role, spelt out: Tailwind finds whole words only. */
export const TEXT: Readonly<Record<Role, string>> = {
  run: 'text-run',
  ok: 'text-ok',
  wait: 'text-wait',
  pause: 'text-pause',
  fail: 'text-fail',
  skip: 'text-skip',
  idle: 'text-idle',
}

export const FILL: Readonly<Record<Role, string>> = {
  run: 'bg-run',
  ok: 'bg-ok',
  wait: 'bg-wait',
  pause: 'bg-pause',
  fail: 'bg-fail',
  skip: 'bg-skip/60',
  idle: 'bg-track',
}
