import { useState } from 'react'
import type { CallOutput, Problem } from '../../../../preload/contract.ts'
import { ask } from '../../../app/bridge.ts'
import { Button } from '../../../components/button.tsx'
import { Failed } from '../../../components/failed-part.tsx'
import { plural } from '../../../lib/format.ts'
import { useApp } from '../../../state/app-context.ts'
import { RemoveDialog } from './remove-dialog.tsx'
import { SecretDialog } from './secret-dialog.tsx'
import type { Channel } from './words.ts'

interface SecretsProps {
  readonly secrets: CallOutput<'secrets.list'> | null
  readonly problem: Problem | null
  readonly reload: () => void
  readonly channels: readonly Channel[]
}

/** What channels may name as `secret:NAME`: the names, never the values. */
export function Secrets({ secrets, problem, reload, channels }: SecretsProps) {
  const { bridge, store } = useApp()
  /** Whose value is entered; empty: a new one. */
  const [entering, setEntering] = useState<string | null>(null)
  const [removing, setRemoving] = useState<string | null>(null)
  const uses = (name: string) => channels.filter((channel) => JSON.stringify(channel).includes(`secret:${name}`)).length

  async function remove(name: string): Promise<Problem | null> {
    const answer = await ask(bridge, 'secrets.remove', { name })
    if (!answer.ok) return answer.problem
    setRemoving(null)
    reload()
    store.toast({ tone: 'news', title: `The secret ${name} is removed`, message: null })
    return null
  }

  if (!secrets) {
    if (!problem) return null
    return <Failed title="The secrets could not be read" message={problem.message} onRetry={reload} />
  }
  return (
    <section aria-label="Secrets" className="pt-4">
      <div className="flex items-end justify-between gap-3 pb-2">
        <div>
          <h3 tabIndex={-1} className="font-medium text-dim text-sm">
            Secrets
          </h3>
          <p className="text-faint text-xs">
            {secrets.safe
              ? 'Encrypted by the system’s keychain. Channels name them: secret:NAME'
              : 'This system has no keychain that Fermata can use: no secret can be kept safely. Unlock or install one (GNOME Keyring, KWallet), or put it into an environment variable and write ${NAME}.'}
          </p>
        </div>
        <Button
          label="Add a secret…"
          busy={!secrets.safe}
          hint={secrets.safe ? undefined : 'There is no keychain that could keep it'}
          onPress={() => setEntering('')}
        />
      </div>
      {secrets.names.length > 0 && (
        <ul className="divide-y divide-line rounded-lg border border-line bg-card">
          {secrets.names.map((name) => (
            <li key={name} className="flex items-center gap-2 px-4 py-2">
              <p className="min-w-0 flex-1 truncate">
                <span className="font-mono text-sm">{name}</span>
                <span className="text-dim text-sm"> · used by {plural(uses(name), 'channel')}</span>
              </p>
              <Button kind="quiet" label="Replace…" busy={!secrets.safe} onPress={() => setEntering(name)} />
              <Button kind="quiet" label="Remove…" onPress={() => setRemoving(name)} />
            </li>
          ))}
        </ul>
      )}
      {entering !== null && (
        <SecretDialog
          name={entering}
          taken={secrets.names}
          onClose={() => setEntering(null)}
          onKept={() => {
            setEntering(null)
            reload()
          }}
        />
      )}
      {removing !== null && (
        <RemoveDialog
          title={`Remove the secret ${removing}?`}
          text={
            uses(removing) > 0
              ? `${plural(uses(removing), 'channel')} cannot be used without it. This cannot be taken back.`
              : 'This cannot be taken back.'
          }
          onClose={() => setRemoving(null)}
          onRemove={() => remove(removing)}
        />
      )}
    </section>
  )
}
