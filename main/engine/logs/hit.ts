import { GONE } from '../redaction/redactor.ts'
import { covered, type Span } from '../redaction/span.ts'
import type { LogHit, RawHit } from './search-thread.ts'

/** Where a text's secrets are, in order; `cutAtEnd`: what followed it was left out. */
export type FindSecrets = (text: string, cutAtEnd?: boolean) => readonly Span[]

/** Characters shown before a hit, and in all. */
const BEFORE = 80
const SHOWN = 300

/** A hit as it is shown: clipped, and without secrets. One within a secret shows where, not what. */
export function shownHit({ line, column, before, text, start, end, isCut }: RawHit, secretsIn: FindSecrets): LogHit {
  const from = Math.max(0, start - BEFORE)
  const to = Math.min(text.length, from + SHOWN)
  const secrets = secretsIn(before + text, isCut)
    .map((secret) => ({ start: secret.start - before.length, end: secret.end - before.length }))
    .filter((secret) => secret.end > 0)
  const touched = secrets.filter((secret) => secret.start < end && secret.end > start)
  const hitFrom = Math.max(from, Math.min(start, ...touched.map((secret) => secret.start)))
  const hitTo = Math.min(to, Math.max(end, ...touched.map((secret) => secret.end)))
  const piece = (first: number, last: number) => covered(text, secrets, () => GONE, first, last)
  const head = piece(from, hitFrom)
  const hit = piece(hitFrom, hitTo)
  return { line, column, text: head + hit + piece(hitTo, to), start: head.length, end: head.length + hit.length }
}
