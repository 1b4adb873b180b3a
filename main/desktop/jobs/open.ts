import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrowserWindow, dialog, shell } from 'electron'
import { FermataError, type JobService, type JobSummary } from '../../engine/index.ts'

/** Lets the user choose a score and runs it; null when the dialog was closed. */
export async function openScore(jobs: JobService, parent: BrowserWindow | null): Promise<JobSummary | null> {
  const options = {
    title: 'Open score',
    buttonLabel: 'Run',
    properties: ['openFile' as const],
    filters: [
      { name: 'Scores', extensions: ['yaml', 'yml'] },
      { name: 'All files', extensions: ['*'] },
    ],
  }
  const { filePaths } = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options))
  const [path] = filePaths
  return path === undefined ? null : jobs.submit(path)
}

/** Runs the bundled demo, each time in a new folder: the examples' own may be read-only, and a second run is no twin of the first. */
export function submitDemo(jobs: JobService, examplesDir: string, dataDir: string): Promise<JobSummary> {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-')
  return jobs.submit(join(examplesDir, 'hello.yaml'), { workspace: join(dataDir, 'demo', stamp) })
}

/**
 * Shows a folder in the file manager.
 *
 * @throws FermataError when it is not there, or is no folder: opening a file would run it
 */
export async function openFolder(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) throw new FermataError('NO_FOLDER', `The folder ${path} does not exist.`, { remedy: 'It was moved or deleted.' })
  const failure = await shell.openPath(path)
  if (failure) throw new FermataError('NOT_OPENED', `The folder ${path} could not be shown: ${failure}`)
}
