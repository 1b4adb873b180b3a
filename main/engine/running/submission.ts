import { createHash, randomBytes } from 'node:crypto'
import { access, constants, readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, extname, resolve } from 'node:path'
import { type Diagnostic, JobSubmissionError, ScoreError } from '../errors.ts'
import { makeFolder } from '../make-folder.ts'
import type { SubmitOptions } from '../requests.ts'
import { finding } from '../score/finding.ts'
import { completeScore, parseScore } from '../score/parse.ts'
import type { Score } from '../score/score.ts'
import { type Place, readYaml } from '../score/source.ts'

/** A score is written by people; anything larger is not a score. */
const LARGEST_SCORE_BYTES = 10 * 1024 * 1024

async function readText(path: string, what: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > LARGEST_SCORE_BYTES) {
      throw new JobSubmissionError('SCORE_TOO_LARGE', `${what} ${path} is ${Math.round(size / 1024 ** 2)} MB.`, {
        remedy: 'Split it, or move its texts into files.',
      })
    }
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof JobSubmissionError) throw error
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new JobSubmissionError(
      missing ? 'SCORE_NOT_FOUND' : 'SCORE_UNREADABLE',
      `${what} ${path} ${missing ? 'does not exist' : 'cannot be read'}.`,
      {
        remedy: missing ? 'Check the path.' : 'Check that it is a file you may read.',
        cause: error,
      },
    )
  }
}

/** A score that was accepted, with what its user should know all the same. */
export interface LoadedScore {
  readonly score: Score
  readonly notes: readonly Diagnostic[]
  /** The file's own text. */
  readonly text: string
}

/**
 * Reads and checks a score file and the template it names. What is said of the template stands where the score names it.
 *
 * @param workspace replaces the score's own workspace (absolute, or relative to the current folder)
 * @throws ScoreError with every finding, the template that cannot be read (Marianne V003) among them; JobSubmissionError when
 *   the score cannot be read
 */
export async function loadScore(scorePath: string, workspace?: string): Promise<LoadedScore> {
  const text = await readText(scorePath, 'The score')
  const { draft, diagnostics } = parseScore(text, { file: scorePath, directory: dirname(scorePath), home: homedir() })
  if (!draft) throw new ScoreError(scorePath, diagnostics)
  const { template_file: file } = draft.prompt
  const template = file === null ? null : await readTemplate(file, text)
  if (template !== null && typeof template !== 'string') throw new ScoreError(scorePath, [...diagnostics, template])
  const completed = completeScore(draft, template)
  const notes = [...diagnostics, ...ofTemplateFile(completed, text)]
  if (!completed.score) throw new ScoreError(scorePath, notes)
  const score = workspace === undefined ? completed.score : { ...completed.score, workspace: resolve(workspace) }
  return { score, notes, text }
}

const placeOfTemplateFile = (text: string): Place =>
  readYaml(text).source?.place(['prompt', 'template_file']) ?? { line: 1, column: 1 }

/** The text of the template file, or what keeps it from being read (Marianne V003). */
async function readTemplate(file: string, text: string): Promise<string | Diagnostic> {
  try {
    return await readText(file, 'The template')
  } catch (error) {
    if (!(error instanceof JobSubmissionError)) throw error
    return finding('V003', error.message, error.remedy, placeOfTemplateFile(text))
  }
}

/** What is said of the template file, where the score names it. */
function ofTemplateFile({ file, diagnostics }: ReturnType<typeof completeScore>, text: string): readonly Diagnostic[] {
  if (diagnostics.length === 0) return []
  const place = placeOfTemplateFile(text)
  return diagnostics.map(({ line, column, message, ...found }) => ({
    ...found,
    ...place,
    message: `${file}:${line}:${column}: ${message}`,
  }))
}

/** Makes sure that the job has a folder it can write to, before it is accepted. */
export async function prepareWorkspace(workspace: string): Promise<void> {
  try {
    makeFolder(workspace)
    await access(workspace, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new JobSubmissionError('WORKSPACE_UNUSABLE', `The workspace ${workspace} cannot be created or written.`, {
      remedy: 'Choose another `workspace` in the score, or change the rights of this one.',
      cause: error,
    })
  }
}

const stemOf = (scorePath: string): string =>
  basename(scorePath, extname(scorePath))
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'job'

/** The id of the job that a hook leads to: the same each time the hook runs, so that it leads to one job only. */
export function followingJobId(scorePath: string, { jobId, hook }: NonNullable<SubmitOptions['after']>): string {
  const wish = createHash('sha256').update(`${jobId}\n${hook}\n${scorePath}`).digest('hex')
  return `${stemOf(scorePath)}-${wish.slice(0, 10)}`
}

/** The score file's stem, as Marianne names jobs, and four characters that make it one of a kind. */
export function newJobId(scorePath: string, taken: (id: string) => boolean): string {
  const stem = stemOf(scorePath)
  for (;;) {
    const id = `${stem}-${randomBytes(2).toString('hex')}`
    if (!taken(id)) return id
  }
}
