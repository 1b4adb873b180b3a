import { CircleAlert, Info, X } from 'lucide-react'
import { useEffect } from 'react'
import { useApp, useAppState } from '../state/app-context.ts'
import type { Toast } from '../state/app-store.ts'
import { Button } from './button.tsx'

/** News goes by itself; a problem stays until someone has read it. */
const NEWS_MS = 5000

export function Toaster() {
  const toasts = useAppState((state) => state.toasts)
  return (
    <div className="pointer-events-none fixed right-4 bottom-4 z-40 flex w-[360px] max-w-[calc(100vw-32px)] flex-col gap-2">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

function ToastCard({ toast }: { readonly toast: Toast }) {
  const { store } = useApp()
  const { id, tone, title, message } = toast

  useEffect(() => {
    if (tone === 'problem') return
    const timer = setTimeout(() => store.dismiss(id), NEWS_MS)
    return () => clearTimeout(timer)
  }, [store, id, tone])

  const Icon = tone === 'problem' ? CircleAlert : Info
  return (
    <div
      role={tone === 'problem' ? 'alert' : 'status'}
      className="pointer-events-auto flex items-start gap-2.5 rounded-lg bg-card py-2 pr-2 pl-3 shadow-float"
    >
      <Icon size={15} className={`mt-1.5 shrink-0 ${tone === 'problem' ? 'text-fail' : 'text-dim'}`} aria-hidden="true" />
      <div className="min-w-0 flex-1 py-1 select-text">
        <p className="font-semibold break-words">{title}</p>
        {message && <p className="mt-0.5 text-dim text-sm break-words">{message}</p>}
      </div>
      <Button kind="quiet" icon={X} iconOnly label="Dismiss" onPress={() => store.dismiss(id)} />
    </div>
  )
}
