import { FileInput } from 'lucide-react'
import { useEffect, useState } from 'react'
import { type App, useApp } from '../../state/app-context.ts'

/** Score files dropped anywhere on the window are started; while one hovers, the window says so. */
export function DropZone() {
  const app = useApp()
  const [hovering, setHovering] = useState(false)

  useEffect(() => {
    // Entering a child comes before leaving its parent: only a count tells when the file has left the window.
    let depth = 0
    const listeners = {
      dragenter: (event: DragEvent) => {
        if (!bringsFiles(event)) return
        depth += 1
        setHovering(true)
      },
      dragleave: (event: DragEvent) => {
        if (!bringsFiles(event)) return
        depth = Math.max(0, depth - 1)
        if (depth === 0) setHovering(false)
      },
      dragover: (event: DragEvent) => {
        event.preventDefault()
        if (event.dataTransfer) event.dataTransfer.dropEffect = bringsFiles(event) ? 'copy' : 'none'
      },
      drop: (event: DragEvent) => {
        event.preventDefault()
        depth = 0
        setHovering(false)
        void submitAll(app, [...(event.dataTransfer?.files ?? [])])
      },
    }
    for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener as EventListener)
    return () => {
      for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name, listener as EventListener)
    }
  }, [app])

  if (!hovering) return null
  return (
    <div className="pointer-events-none fixed inset-0 z-30 grid place-items-center bg-bg/92 p-4">
      <div className="grid size-full place-items-center rounded-lg border-2 border-accent border-dashed">
        <p className="flex items-center gap-2.5 font-semibold text-accent text-lg">
          <FileInput size={20} aria-hidden="true" />
          Drop to start this score
        </p>
      </div>
    </div>
  )
}

function bringsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false
}

/** One after the other, so that a refusal is not painted over by the next. */
async function submitAll({ bridge, commands, store }: App, files: readonly File[]): Promise<void> {
  for (const file of files) {
    const path = bridge.pathOf(file)
    if (path) await commands.submit(path)
    else
      store.toast({
        tone: 'problem',
        title: `${file.name} was not started`,
        message: 'It is not a file on this computer. Save it first, then drop it.',
      })
  }
}
