import { readdir, stat } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import type { Injection } from '../../score/score.ts'
import { renderTemplate } from '../../score/template.ts'
import { readText } from './readable.ts'

export interface Injected {
  readonly context: string[]
  readonly skills: string[]
  readonly tools: string[]
  /** What was left out of the prompt and why, a sentence each. */
  readonly notes: string[]
}

const LISTS = { context: 'context', skill: 'skills', tool: 'tools' } as const

type Kind = 'file' | 'directory'

/** The first of the places the path may mean that there is; null when there is none. */
async function locate(path: string, kind: Kind, bases: readonly string[]): Promise<string | null> {
  for (const candidate of isAbsolute(path) ? [path] : bases.map((base) => resolve(base, path))) {
    const found = await stat(candidate).catch(() => null)
    if (kind === 'file' ? found?.isFile() : found?.isDirectory()) return candidate
  }
  return null
}

/** Hidden files are the system's and the editor's, not the author's. */
async function filesIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
  return names.sort().map((name) => join(directory, name))
}

/** The file's text; of what is no text, or too long to be one, where the agent finds it. */
async function contentOf(path: string): Promise<string> {
  const file = await readText(path)
  return file.kind === 'text' ? file.text.trim() : `Read the file ${path} before you begin.`
}

/**
 * Reads what `prelude` and `cadenzas` put into a prompt (Marianne §7.12). Paths are templates, relative to the workspace or else
 * to the score's folder; of a directory its own files are taken, by name. Never fails: what cannot be read is left out with a note.
 *
 * @param variables what the paths may name
 */
export async function readInjections(
  items: readonly Injection[],
  workspace: string,
  scoreDir: string = workspace,
  variables: Readonly<Record<string, unknown>> = { workspace },
): Promise<Injected> {
  const result: Injected = { context: [], skills: [], tools: [], notes: [] }
  for (const { file, directory, as } of items) {
    const given = file ?? directory ?? ''
    const leaveOut = (why: string) => result.notes.push(`The ${as} "${given}" ${why}; it is left out of the prompt.`)
    try {
      const kind = file === null ? 'directory' : 'file'
      const path = await locate(renderTemplate(given, variables), kind, [workspace, scoreDir])
      if (path === null) {
        leaveOut(`is no ${kind} in ${workspace}${scoreDir === workspace ? '' : ` or ${scoreDir}`}`)
        continue
      }
      for (const source of kind === 'file' ? [path] : await filesIn(path)) {
        const content = await contentOf(source).catch((error: unknown) => void leaveOut(`cannot be read (${messageOf(error)})`))
        if (content) result[LISTS[as]].push(content)
      }
    } catch (error) {
      leaveOut(`cannot be read (${messageOf(error)})`)
    }
  }
  return result
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
