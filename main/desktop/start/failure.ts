import { app, dialog } from 'electron'
import { problemOf } from '../ipc/problem.ts'

/** Says why Fermata cannot start, on stderr and in a dialog, and ends it with status 1. */
export async function failToStart(error: unknown): Promise<void> {
  const { message, remedy } = problemOf(error)
  console.error(`fermata: ${message}${remedy ? `\nfermata: ${remedy}` : ''}`)
  await app.whenReady()
  await dialog.showMessageBox({
    type: 'error',
    title: 'Fermata',
    message: 'Fermata cannot start',
    detail: remedy ? `${message}\n\n${remedy}` : message,
    buttons: ['Quit'],
  })
  app.exit(1)
}
