import { useState } from 'react'
import type { Problem } from '../../../../preload/contract.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'

interface RemoveDialogProps {
  readonly title: string
  /** What that means. */
  readonly text: string
  readonly onClose: () => void
  /** Answers what went wrong. */
  readonly onRemove: () => Promise<Problem | null>
}

/** Asks once before something is removed. */
export function RemoveDialog({ title, text, onClose, onRemove }: RemoveDialogProps) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  async function remove(): Promise<void> {
    setBusy(true)
    setProblem(await onRemove())
    setBusy(false)
  }

  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button label="Keep it" autoFocus onPress={onClose} />
          <Button kind="danger" label="Remove" busy={busy} onPress={() => void remove()} />
        </>
      }
    >
      <p>{text}</p>
      {problem && (
        <p role="alert" className="mt-2 text-fail">
          {problem.message} {problem.remedy}
        </p>
      )}
    </Dialog>
  )
}
