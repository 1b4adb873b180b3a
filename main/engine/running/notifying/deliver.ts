import { setTimeout as delay } from 'node:timers/promises'
import { FermataError } from '../../errors.ts'
import type { ShowNotice } from '../../ports.ts'
import type { NotificationEvent } from './event.ts'
import { expand, type Sources } from './expand.ts'
import { payloadOf, slackMessage } from './payload.ts'
import { runCommand } from './run-command.ts'
import { send, type Wait } from './send.ts'
import type { Target } from './target.ts'

/** What messages are delivered with. */
export interface Means extends Sources {
  /** Null where there is no desktop, as in a terminal. */
  readonly showNotice: ShowNotice | null
  readonly wait?: Wait
}

/** Why nothing can be delivered there as things are; null when it can. */
export function faultOf(target: Target, means: Means): string | null {
  if (target.kind === 'desktop')
    return means.showNotice ? null : 'The desktop shows notifications only while the Fermata app runs.'
  try {
    for (const text of textsOf(target)) expand(text, means)
    return null
  } catch (error) {
    return sentenceOf(error)
  }
}

function textsOf(target: Exclude<Target, { kind: 'desktop' }>): readonly string[] {
  switch (target.kind) {
    case 'slack':
      return [target.url]
    case 'webhook':
      return [target.url, ...Object.values(target.headers)]
    case 'command':
      return Object.values(target.env)
  }
}

/** Tells of an event. Null when it arrived, else why not; never rejects. Holds up nobody who does not wait for it. */
export async function deliver(event: NotificationEvent, target: Target, means: Means): Promise<string | null> {
  try {
    return await attempt(event, target, means)
  } catch (error) {
    return sentenceOf(error)
  }
}

async function attempt(event: NotificationEvent, target: Target, means: Means): Promise<string | null> {
  const { environment, showNotice, wait = (ms) => delay(ms) } = means
  const filled = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, expand(text, means)]))
  switch (target.kind) {
    case 'desktop':
      return showNotice ? showNotice({ title: event.title, body: event.body, jobId: event.jobId }) : faultOf(target, means)
    case 'slack': {
      const body = slackMessage(event, target.looks)
      return send({ ...target, url: expand(target.url, means), headers: {}, body }, wait)
    }
    case 'webhook': {
      const body = payloadOf(event, target.metadata)
      return send({ ...target, url: expand(target.url, means), headers: filled(target.headers), body }, wait)
    }
    case 'command':
      return runCommand({
        argv: target.argv,
        environment,
        env: { ...filled(target.env), ...factsOf(event) },
        input: `${JSON.stringify(payloadOf(event, true))}\n`,
        timeoutMs: target.timeoutMs,
      })
  }
}

const factsOf = ({ name, title, body, jobId, jobName, sheet }: NotificationEvent): Readonly<Record<string, string>> => ({
  FERMATA_EVENT: name,
  FERMATA_TITLE: title,
  FERMATA_BODY: body,
  FERMATA_JOB: jobId,
  FERMATA_JOB_NAME: jobName,
  FERMATA_SHEET: sheet === null ? '' : String(sheet),
})

const sentenceOf = (error: unknown): string =>
  error instanceof FermataError && error.remedy
    ? `${error.message} ${error.remedy}`
    : error instanceof Error
      ? error.message
      : String(error)
