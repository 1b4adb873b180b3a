import { useState } from 'react'
import { ask } from '../../../app/bridge.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { TextField } from '../../../components/text-field.tsx'
import { useApp } from '../../../state/app-context.ts'

interface SecretDialogProps {
  /** Empty: a new one. */
  readonly name: string
  readonly taken: readonly string[]
  readonly onClose: () => void
  readonly onKept: () => void
}

/** Takes a secret in; it is never shown again. */
export function SecretDialog({ name: given, taken, onClose, onKept }: SecretDialogProps) {
  const { bridge, store } = useApp()
  const [name, setName] = useState(given)
  const [value, setValue] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  const isNew = given === ''
  const nameProblem = !/^[\w.-]{1,100}$/.test(name)
    ? 'Letters, digits, dots, dashes and underscores, at most 100.'
    : isNew && taken.includes(name)
      ? 'There is one with this name: replace it instead.'
      : null

  async function keep(): Promise<void> {
    setTried(true)
    if (busy || nameProblem || value === '') return
    setBusy(true)
    const answer = await ask(bridge, 'secrets.set', { name, value })
    setBusy(false)
    if (!answer.ok) {
      setRefused([answer.problem.message, answer.problem.remedy].filter(Boolean).join(' '))
      return
    }
    store.toast({ tone: 'news', title: `The secret ${name} is kept`, message: `Channels name it: secret:${name}` })
    onKept()
  }

  return (
    <Dialog
      title={isNew ? 'Add a secret' : `Replace the secret ${given}`}
      onClose={onClose}
      actions={
        <>
          <Button label="Leave it" onPress={onClose} />
          <Button kind="primary" label="Keep it" busy={busy} onPress={() => void keep()} />
        </>
      }
    >
      <div className="grid gap-2">
        {isNew && (
          <TextField
            label="Name"
            value={name}
            mono
            autoFocus
            onChange={setName}
            problem={tried ? nameProblem : null}
            onEnter={() => void keep()}
          />
        )}
        <TextField
          label="Value"
          kind="secret"
          value={value}
          autoFocus={!isNew}
          onChange={setValue}
          hint="It is encrypted, and never shown again"
          problem={tried && value === '' ? 'The value that is to be kept.' : null}
          onEnter={() => void keep()}
        />
        {refused && (
          <p role="alert" className="text-fail">
            {refused}
          </p>
        )}
      </div>
    </Dialog>
  )
}
