import { useState } from 'react'
import type { CallOutput, Problem } from '../../../../preload/contract.ts'
import { ask } from '../../../app/bridge.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { TextField } from '../../../components/text-field.tsx'
import { useApp } from '../../../state/app-context.ts'
import { Choice } from '../choice.tsx'
import { channelOf, type Draft, draftOf, faultsOf, isAddress, secretNameOf, withKind } from './channel-form.ts'
import { type Channel, EVENTS, KINDS } from './words.ts'

interface ChannelDialogProps {
  /** Null: a new one. */
  readonly channel: Channel | null
  readonly others: readonly Channel[]
  readonly secrets: CallOutput<'secrets.list'> | null
  readonly onClose: () => void
  /** Answers what went wrong. */
  readonly onKeep: (channel: Channel) => Promise<Problem | null>
}

/** A channel: where it leads and what it tells. */
export function ChannelDialog({ channel, others, secrets, onClose, onKeep }: ChannelDialogProps) {
  const { bridge } = useApp()
  const taken = others.map(({ id }) => id)
  const [draft, setDraft] = useState<Draft>(() => draftOf(channel, taken))
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const faults = faultsOf(draft, taken)
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const shown = (field: keyof typeof faults) => (tried ? (faults[field] ?? null) : null)

  async function keep(): Promise<void> {
    setTried(true)
    if (busy || Object.keys(faults).length > 0) return
    setBusy(true)
    setProblem(await keepSecretly())
    setBusy(false)
  }

  /** Whoever knows a Slack address can write there: the keychain keeps it, and the settings name it. */
  async function keepSecretly(): Promise<Problem | null> {
    if (draft.kind !== 'slack' || !isAddress(draft.url)) return onKeep(channelOf(draft))
    const name = secretNameOf(draft)
    const answer = await ask(bridge, 'secrets.set', { name, value: draft.url.trim() })
    return answer.ok ? onKeep(channelOf({ ...draft, url: `secret:${name}` })) : answer.problem
  }

  return (
    <Dialog
      wide
      title={channel ? `Change the channel ${channel.id}` : 'Add a channel'}
      onClose={onClose}
      actions={
        <>
          <Button label="Leave it" onPress={onClose} />
          <Button
            kind="primary"
            label={channel ? 'Keep the changes' : 'Add the channel'}
            busy={busy}
            onPress={() => void keep()}
          />
        </>
      }
    >
      <div className="grid gap-2.5">
        {!channel && (
          <div className="flex items-center gap-3">
            <span id="channel-kind" className="font-medium text-text text-sm">
              Kind
            </span>
            <Choice
              id="channel-kind-choice"
              labelledBy="channel-kind"
              describedBy="channel-kind"
              choices={KINDS}
              value={draft.kind}
              onChange={(kind) => setDraft(withKind(draft, kind, taken))}
            />
          </div>
        )}
        <TextField
          label="Name"
          value={draft.id}
          autoFocus
          onChange={(id) => set({ id })}
          hint="By this name it is shown"
          problem={shown('id')}
          onEnter={() => void keep()}
        />
        {draft.kind === 'slack' && (
          <TextField
            label="Webhook address"
            value={draft.url}
            mono
            onChange={(url) => set({ url })}
            hint={
              secrets?.safe === false
                ? 'There is no keychain that could keep it: put it into an environment variable and write ${NAME}.'
                : 'From Slack: “Incoming Webhooks”. It is kept in the keychain, not in the settings. Or name one: secret:NAME'
            }
            problem={shown('url')}
            onEnter={() => void keep()}
          />
        )}
        {draft.kind === 'webhook' && (
          <>
            <TextField
              label="Address"
              value={draft.url}
              mono
              onChange={(url) => set({ url })}
              hint="News go there as JSON by POST. ${secret:NAME} and ${NAME} stand for a secret and for a variable of the environment"
              problem={shown('url')}
              onEnter={() => void keep()}
            />
            <TextField
              label="Headers"
              value={draft.headers}
              mono
              lines={2}
              onChange={(headers) => set({ headers })}
              hint="One a line: Authorization: Bearer ${secret:NAME}"
              problem={shown('headers')}
            />
          </>
        )}
        {draft.kind === 'command' && (
          <>
            <TextField
              label="Program and arguments"
              value={draft.command}
              mono
              lines={3}
              onChange={(command) => set({ command })}
              hint="The program in the first line, each argument in a line of its own; no shell. News come as JSON on its standard input"
              problem={shown('command')}
            />
            <TextField
              label="Variables of its environment"
              value={draft.env}
              mono
              lines={2}
              onChange={(env) => set({ env })}
              hint="One a line: TOKEN=secret:NAME"
              problem={shown('env')}
            />
          </>
        )}
        <fieldset>
          <legend className="mb-1 font-medium text-text text-sm">Tell me when</legend>
          <div className="grid grid-cols-2 gap-x-4 gap-y-1">
            {EVENTS.map(({ event, title }) => (
              <label key={event} className="flex items-center gap-2">
                <input
                  type="checkbox"
                  className="accent-accent"
                  checked={draft.events.includes(event)}
                  onChange={({ target }) =>
                    set({ events: target.checked ? [...draft.events, event] : draft.events.filter((one) => one !== event) })
                  }
                />
                {title}
              </label>
            ))}
          </div>
        </fieldset>
        {problem && (
          <p role="alert" className="text-fail">
            {problem.message} {problem.remedy}
          </p>
        )}
      </div>
    </Dialog>
  )
}
