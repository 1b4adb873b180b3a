import type { Diagnostic } from '../../errors.ts'
import { explainValue, nameOf } from '../explain.ts'
import { finding, wordList } from '../finding.ts'
import { valueAt } from '../language.ts'
import { NOTIFICATION_CONFIGS, type NotificationRule } from '../schema/notifications.ts'
import type { Path } from '../source.ts'
import { closest } from '../suggest.ts'
import type { Parts } from './parts.ts'

/** Where the messages of a type go to: one of the two has to be given. */
const ADDRESSES = { slack: ['webhook_url', 'webhook_url_env'], webhook: ['url', 'url_env'] } as const
/** What Marianne's desktop notifications can be told. */
const DESKTOP = ['app_name', 'timeout']
/** The desktop app tells of these, unless its user wants otherwise, whether or not a score asks. */
const ALWAYS_TOLD = ['job_complete', 'job_failed'] as const

/** Notifications that will not arrive as meant (Marianne §5.3). They never keep a job from running. */
export function* notificationRemarks(parts: Parts): Generator<Diagnostic> {
  for (const [index, rule] of (parts.score.notifications ?? []).entries()) {
    const path = ['notifications', index]
    if (rule.type === 'desktop') yield* desktopRemarks(rule, path, parts)
    else if (rule.type !== 'email') yield* configRemarks(rule.type, rule.config, [...path, 'config'], parts)
  }
}

/**
 * Secrets that stand in the score: it is kept with its job as it stands there, and no secret is kept in clear. Whoever knows a Slack
 * address can write there.
 */
export function* notificationErrors({ score, source }: Parts): Generator<Diagnostic> {
  for (const [index, { type, config }] of (score.notifications ?? []).entries()) {
    const path = ['notifications', index, 'config']
    const headers = type === 'webhook' && typeof config.headers === 'object' ? Object.entries(config.headers ?? {}) : []
    const said = [
      ...(type === 'slack' ? [{ at: [...path, 'webhook_url'], value: config.webhook_url }] : []),
      ...headers.filter(([name]) => SECRET_HEADER.test(name)).map(([name, value]) => ({ at: [...path, 'headers', name], value })),
    ]
    for (const { at, value } of said) {
      if (typeof value !== 'string' || REFERENCE.test(value)) continue
      const message = `\`${nameOf(at)}\` is a secret, and a score is kept as it is written.`
      const remedy = 'Write `${NAME}` for a variable of the environment, or `secret:NAME` for one in the keychain.'
      yield finding('SECRET', message, remedy, source.place(at))
    }
  }
}

const REFERENCE = /^secret:|\$\{/
const SECRET_HEADER = /authorization|token|secret|password|api-?key/i

function* configRemarks(
  type: keyof typeof NOTIFICATION_CONFIGS,
  config: NotificationRule['config'],
  path: Path,
  { source }: Parts,
): Generator<Diagnostic> {
  const schema = NOTIFICATION_CONFIGS[type]
  yield* unknownKeys(config, Object.keys(schema.shape), path, source)
  for (const issue of schema.safeParse(config).error?.issues ?? []) {
    const full = [...path, ...issue.path]
    const { message, remedy } = explainValue(issue, full, valueAt(config, issue.path))
    yield finding('NOTIFICATION', `${message.slice(0, -1)}: nothing is sent.`, remedy, source.place(full), 'warning')
  }
  if (type === 'command') return
  const [url, variable] = ADDRESSES[type]
  if (config[url] || config[variable]) return
  const message = `\`${nameOf(path.slice(0, -1))}\` does not say where to: nothing is sent.`
  const remedy = `Add \`${url}\`, or \`${variable}\` with the name of an environment variable, to its \`config\`.`
  yield finding('NOTIFICATION', message, remedy, source.place(path), 'warning')
}

function* desktopRemarks({ on_events, config }: NotificationRule, path: Path, { source }: Parts): Generator<Diagnostic> {
  const inConfig = [...path, 'config']
  yield* unknownKeys(config, DESKTOP, inConfig, source)
  for (const key of DESKTOP) {
    if (config[key] === undefined) continue
    const message = `\`${nameOf([...inConfig, key])}\` has no effect: the desktop decides how notifications look.`
    yield finding('NOT_SUPPORTED', message, 'You can leave it.', source.keyPlace([...inConfig, key]), 'info')
  }
  if (ALWAYS_TOLD.every((event) => on_events.includes(event))) return
  const events = [...path, 'on_events']
  const message = `\`${nameOf(events)}\` can only add to what is told: of which jobs the desktop tells is set in Fermata.`
  yield finding('NOT_SUPPORTED', message, 'You can leave it.', source.keyPlace(events), 'info')
}

function* unknownKeys(config: object, known: readonly string[], path: Path, source: Parts['source']): Generator<Diagnostic> {
  for (const key of Object.keys(config).filter((given) => !known.includes(given))) {
    const near = closest(key, known)
    const remedy = near ? `Did you mean \`${near}\`?` : `Remove it; known here are ${wordList(known)}.`
    const message = `\`${nameOf([...path, key])}\` has no effect: there is no such key.`
    yield finding('NOTIFICATION', message, remedy, source.keyPlace([...path, key]), 'warning')
  }
}
