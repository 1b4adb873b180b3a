import { useEffect } from 'react'
import { Part } from '../components/failed-part.tsx'
import { Toaster } from '../components/toaster.tsx'
import { InstrumentsPage } from '../features/instruments/instruments-page.tsx'
import { BudgetDialog } from '../features/job/budget-dialog.tsx'
import { FiguresDialog } from '../features/job/figures-dialog.tsx'
import { JobPage } from '../features/job/job-page.tsx'
import { SheetDialog } from '../features/job/sheet-dialog.tsx'
import { CancelDialog } from '../features/jobs/cancel-dialog.tsx'
import { JobsPage } from '../features/jobs/jobs-page.tsx'
import { DropZone } from '../features/launch/drop-zone.tsx'
import { RefusedDialog } from '../features/launch/refused-dialog.tsx'
import { DegradedBanner } from '../features/settings/notifications/degraded-banner.tsx'
import { SettingsPage } from '../features/settings/settings-page.tsx'
import { UsagePage } from '../features/usage/usage-page.tsx'
import { type App, AppContext, useApp, useAppState } from '../state/app-context.ts'
import { Announcer } from './announcer.tsx'
import { keepFocus } from './keep-focus.ts'
import { QuittingBanner } from './quitting-banner.tsx'
import { handleKey } from './shortcuts.ts'
import { ShortcutsDialog } from './shortcuts-dialog.tsx'
import { Sidebar } from './sidebar.tsx'

/** The window: side bar, the page in view, and what can lie over it. */
export function Window({ app }: { readonly app: App }) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => handleKey(event, app)
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [app])
  useEffect(keepFocus, [])

  return (
    <AppContext value={app}>
      <div className="flex h-full">
        <Part name="The side bar">
          <Sidebar />
        </Part>
        <main className="flex min-w-0 flex-1 flex-col">
          <QuittingBanner />
          <DegradedBanner />
          <Page />
        </main>
      </div>
      <DropZone />
      <CurrentDialog />
      <Toaster />
      <Announcer />
    </AppContext>
  )
}

function Page() {
  const view = useAppState((state) => state.view)
  if (view.name === 'jobs') return <JobsPage />
  if (view.name === 'instruments') {
    return (
      <Part name="The instruments">
        <InstrumentsPage />
      </Part>
    )
  }
  if (view.name === 'usage') {
    return (
      <Part name="The usage">
        <UsagePage />
      </Part>
    )
  }
  if (view.name === 'settings') {
    return (
      <Part name="The settings">
        <SettingsPage />
      </Part>
    )
  }
  return (
    <Part key={view.jobId} name="The job">
      <JobPage jobId={view.jobId} />
    </Part>
  )
}

function CurrentDialog() {
  const { store } = useApp()
  const dialog = useAppState((state) => state.dialog)
  const job = useAppState(({ dialog, projection }) =>
    dialog && 'jobId' in dialog ? projection.jobs.get(dialog.jobId) : undefined,
  )
  // What was asked about ended by itself while the question was open: nothing is left to ask.
  const moot =
    (dialog?.kind === 'cancel' && !job?.can.cancel) ||
    (dialog?.kind === 'sheet' && !job?.running.some(({ sheet }) => sheet === dialog.sheet))

  useEffect(() => {
    if (moot) store.closeDialog()
  }, [moot, store])

  if (!dialog || moot) return null
  if (dialog.kind === 'refused') return <RefusedDialog refusal={dialog.refusal} />
  if (dialog.kind === 'shortcuts') return <ShortcutsDialog />
  if (!job) return null
  if (dialog.kind === 'budget') return <BudgetDialog job={job} scope={dialog.scope} />
  if (dialog.kind === 'figures') return <FiguresDialog job={job} />
  return dialog.kind === 'sheet' ? <SheetDialog job={job} question={dialog} /> : <CancelDialog job={job} />
}
