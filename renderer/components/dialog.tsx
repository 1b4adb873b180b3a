import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  /** Buttons, the safe one first. */
  readonly actions: ReactNode
  readonly wide?: boolean
}

/** A modal question or message. Escape closes it; the focus goes back to where it came from. */
export function Dialog({ title, onClose, children, actions, wide = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useLayoutEffect(() => {
    const element = dialog.current
    const opener = document.activeElement
    if (!element) return
    element.showModal()
    element.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    return () => {
      element.close()
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])

  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // React takes the dialog away; the browser closing it as well would lose the focus.
        event.preventDefault()
        onClose()
      }}
      className={`m-auto max-h-[min(80vh,560px)] w-[calc(100vw-48px)] flex-col rounded-lg bg-card text-text shadow-float backdrop:bg-scrim open:flex ${wide ? 'max-w-[640px]' : 'max-w-[420px]'}`}
    >
      <h2 id={titleId} className="px-5 pt-5 pb-2 font-[650] text-lg break-words">
        {title}
      </h2>
      <div className="min-h-0 overflow-y-auto px-5 pb-5 text-dim select-text">{children}</div>
      <div className="flex justify-end gap-2 border-line border-t px-5 py-3">{actions}</div>
    </dialog>
  )
}
