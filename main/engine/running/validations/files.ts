import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import type { ValidationRule } from '../../score/score.ts'
import { rulesFor } from './applies.ts'
import { matches } from './match.ts'
import { fillPath } from './placeholders.ts'

/** Modification times (epoch ms) before the attempt, by absolute path; a file that was not there is 0. */
export type Baseline = Readonly<Record<string, number>>

/** A check reads this much at most: what an agent wrote to be read, not a disk image. */
const LARGEST_CONTENT_BYTES = 64 * 1024 * 1024

export const absolutePath = (workspace: string, path: string): string => (isAbsolute(path) ? path : resolve(workspace, path))

async function regularFile(path: string): Promise<{ mtimeMs: number; size: number } | null> {
  try {
    const found = await stat(path)
    return found.isFile() ? found : null
  } catch {
    return null
  }
}

/** Records when the files that `file_modified` rules watch were last changed (Marianne: mtime snapshot before the run). */
export async function takeBaseline(
  rules: readonly ValidationRule[],
  workspace: string,
  variables: Record<string, unknown>,
): Promise<Baseline> {
  const baseline: Record<string, number> = {}
  for (const rule of rulesFor(rules, variables)) {
    if (rule.type !== 'file_modified') continue
    const path = absolutePath(workspace, fillPath(rule.path, variables))
    baseline[path] = (await regularFile(path))?.mtimeMs ?? 0
  }
  return baseline
}

/** Null when the rule holds, else one sentence. */
export async function checkFile(
  rule: Exclude<ValidationRule, { type: 'command_succeeds' }>,
  {
    workspace,
    variables,
    baseline,
    signal,
  }: {
    readonly workspace: string
    readonly variables: Record<string, unknown>
    readonly baseline: Baseline
    readonly signal: AbortSignal
  },
): Promise<string | null> {
  const shown = fillPath(rule.path, variables)
  const path = absolutePath(workspace, shown)
  const file = await regularFile(path)
  if (!file) return `${shown} does not exist`
  if (rule.type === 'file_exists') return null
  if (rule.type === 'file_modified') return file.mtimeMs > (baseline[path] ?? 0) ? null : `${shown} was not changed`
  if (file.size > LARGEST_CONTENT_BYTES) return `${shown} is too large to check (${Math.round(file.size / 1024 ** 2)} MB)`
  const content = await readFile(path, 'utf8')
  if (rule.type === 'content_contains')
    return content.includes(rule.pattern) ? null : `${shown} does not contain "${rule.pattern}"`
  const matched = await matches(rule.pattern, content, signal)
  if (matched === null) return `${shown} took too long to compare with ${rule.pattern}; a simpler pattern is needed`
  return matched ? null : `${shown} does not match ${rule.pattern}`
}
