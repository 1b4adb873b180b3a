import { createStore, type StoreApi } from 'zustand/vanilla'
import type { JobSummary, Problem } from '../../preload/contract.ts'
import { EMPTY, mergeJob, type Projection } from './projection.ts'

export type View =
  | { readonly name: 'jobs' }
  /** `sheet` null: the page chooses the sheet worth looking at, and goes with the job. */
  | { readonly name: 'job'; readonly jobId: string; readonly sheet: number | null }
  | { readonly name: 'instruments' }
  | { readonly name: 'usage' }
  | { readonly name: 'settings' }

/** A score that was not started. `file` is its path, where known. */
export interface Refusal {
  readonly file: string | null
  readonly problem: Problem
}

/** What can be done to one sheet, and is asked about while the sheet runs. */
export interface SheetQuestion {
  readonly kind: 'sheet'
  readonly jobId: string
  readonly sheet: number
  readonly action: 'retry' | 'skip'
}

/** A command that was given and is not answered yet. */
export type Asked = 'pause' | 'resume' | 'cancel' | 'freeze' | 'thaw' | 'endSurvivors' | 'retry' | 'skip' | 'decide'

type OpenDialog =
  | { readonly kind: 'cancel'; readonly jobId: string }
  | { readonly kind: 'budget'; readonly jobId: string; readonly scope: 'job' | 'sheet' }
  | { readonly kind: 'figures'; readonly jobId: string }
  | SheetQuestion
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'shortcuts' }

export interface Toast {
  readonly id: number
  readonly tone: 'news' | 'problem'
  readonly title: string
  readonly message: string | null
}

type Connection =
  | { readonly status: 'loading' }
  | { readonly status: 'ready' }
  | { readonly status: 'failed'; readonly problem: Problem }

export interface AppState {
  readonly connection: Connection
  readonly projection: Projection
  readonly view: View
  readonly selectedJobId: string | null
  /** Grows when the selected row has to take the keyboard focus. */
  readonly focusRequest: number
  /** Finished jobs beyond the newest hundred are drawn. */
  readonly showOlder: boolean
  readonly dialog: OpenDialog | null
  readonly toasts: readonly Toast[]
  /** By job's id. */
  readonly asked: ReadonlyMap<string, Asked>
  /** Fermata quits when so many sheets are done; null: it does not quit. */
  readonly quitting: number | null
}

/** What the window itself can do without asking anyone. */
export interface AppStore extends StoreApi<AppState> {
  showJobs(): void
  showJob(jobId: string): void
  showSheet(sheet: number): void
  showInstruments(): void
  showUsage(): void
  showSettings(): void
  /** Selects a job of the list; with `focus` its row takes the keyboard. */
  select(jobId: string, options?: { readonly focus: boolean }): void
  openDialog(dialog: OpenDialog): void
  closeDialog(): void
  toast(toast: Omit<Toast, 'id'>): void
  dismiss(id: number): void
  merge(job: JobSummary): void
  /** Notes the command that was given to a job; null when it is answered. */
  setAsked(jobId: string, asked: Asked | null): void
}

/** More at once would hide the list they are about. */
const MAX_TOASTS = 3

export function createAppStore(): AppStore {
  const store = createStore<AppState>(() => ({
    connection: { status: 'loading' },
    projection: EMPTY,
    view: { name: 'jobs' },
    selectedJobId: null,
    focusRequest: 0,
    showOlder: false,
    dialog: null,
    toasts: [],
    asked: new Map(),
    quitting: null,
  }))
  const { setState: set } = store
  let toasts = 0

  return {
    ...store,
    showJobs: () => set((state) => ({ view: { name: 'jobs' }, focusRequest: state.focusRequest + 1 })),
    showJob: (jobId) => set({ view: { name: 'job', jobId, sheet: null }, selectedJobId: jobId }),
    showSheet: (sheet) => set(({ view }) => (view.name === 'job' ? { view: { ...view, sheet } } : {})),
    showInstruments: () => set({ view: { name: 'instruments' } }),
    showUsage: () => set({ view: { name: 'usage' } }),
    showSettings: () => set({ view: { name: 'settings' } }),
    select: (jobId, options) =>
      set((state) => ({ selectedJobId: jobId, focusRequest: state.focusRequest + (options?.focus ? 1 : 0) })),
    openDialog: (dialog) => set({ dialog }),
    closeDialog: () => set({ dialog: null }),
    toast: (toast) => {
      toasts += 1
      const added = { ...toast, id: toasts }
      set((state) => ({ toasts: [...state.toasts, added].slice(-MAX_TOASTS) }))
    },
    dismiss: (id) => set((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) })),
    merge: (job) => set((state) => ({ projection: mergeJob(state.projection, job) })),
    setAsked: (jobId, command) =>
      set((state) => {
        const asked = new Map(state.asked)
        if (command === null) asked.delete(jobId)
        else asked.set(jobId, command)
        return { asked }
      }),
  }
}
