import { parseArgs } from 'node:util'

/** What the command line asks for. Paths are as they were typed. */
export type Command =
  | {
      readonly kind: 'run'
      readonly score: string
      readonly dataDir: string | null
      readonly workspace: string | null
      readonly json: boolean
      readonly fresh: boolean
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'refused'; readonly message: string; readonly remedy: string; readonly json: boolean }

export const USAGE = `Usage: fermata SCORE.yaml [options]

Plays a score in this terminal. A paused or interrupted job of the same score goes on where it stopped.

  --workspace DIR   let the job work in DIR instead of the score's own workspace
  --data-dir DIR    keep everything of Fermata in DIR (default: the folder the desktop app uses)
  --fresh           give up the unfinished job of this score, if there is one, and start anew
  --json            print events as NDJSON instead of progress
  --headless        accepted and ignored: there is no window here
  --help, --version

Ctrl-C once pauses after this sheet, twice cancels. SIGTERM leaves: the sheet runs on, the same command takes it up again.

Exit status: 0 completed, 1 failed, 2 score or arguments refused, 3 paused or interrupted, 130 cancelled,
128 + signal when left by SIGTERM or SIGHUP.
`

/** Reads the arguments after the program's name. Pure. */
export function parseArguments(args: readonly string[]): Command {
  const json = args.includes('--json')
  const refused = (message: string): Command => ({ kind: 'refused', message, remedy: 'See fermata --help.', json })
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
        json: { type: 'boolean' },
        fresh: { type: 'boolean' },
        headless: { type: 'boolean' },
        'data-dir': { type: 'string' },
        workspace: { type: 'string' },
      },
    })
    if (values.help) return { kind: 'help' }
    if (values.version) return { kind: 'version' }
    const [score, ...others] = positionals
    if (score === undefined) return refused('No score file was named.')
    if (others.length > 0) return refused(`One score at a time: "${others.join('", "')}" is too much.`)
    const empty = (['data-dir', 'workspace'] as const).find((name) => values[name] === '')
    if (empty) return refused(`--${empty} needs a folder.`)
    return {
      kind: 'run',
      score,
      dataDir: values['data-dir'] ?? null,
      workspace: values.workspace ?? null,
      json,
      fresh: values.fresh === true,
    }
  } catch (error) {
    // Node's sentence names the option; what it adds about positionals is no help here.
    const [sentence = 'The arguments cannot be understood'] = error instanceof Error ? error.message.split(/\. |\n/) : []
    return refused(`${sentence.replace(/\.$/, '')}.`)
  }
}
