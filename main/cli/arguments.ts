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
      /** Show what the score would do, and do nothing. */
      readonly dryRun: boolean
      /** Go on with the score as it was submitted. */
      readonly noReload: boolean
      /** A sheet whose tries are used up waits for a decision. */
      readonly escalate: boolean
      readonly startSheet: number | null
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'refused'; readonly message: string; readonly remedy: string; readonly json: boolean }

export const USAGE = `Usage: fermata SCORE.yaml [options]

Plays a score in this terminal, and the scores that follow it. A paused, interrupted or failed job of the same score
goes on where it stopped, with the score as its file is now; its finished sheets stay. A completed one is left alone
while the file has not changed.

  --workspace DIR   let the job work in DIR instead of the score's own workspace
  --data-dir DIR    keep everything of Fermata in DIR (default: the folder the desktop app uses)
  --fresh           play all of it anew; gives up the unfinished job of this score, if there is one
  --start-sheet N   leave out the sheets before N of a new job
  --escalation      a sheet of a new job whose tries are used up waits for your decision instead of failing
  --no-reload       go on with the score as it was submitted, even if its file has changed
  --dry-run         show the plan and the prompts, run nothing
  --json            print events as NDJSON instead of progress
  --headless        accepted and ignored: there is no window here
  --help, --version

Ctrl-C once pauses after this sheet, twice cancels. SIGTERM leaves: the sheet runs on, the same command takes it up again.

Exit status: 0 completed, 1 failed, 2 score or arguments refused, 3 paused, interrupted or waiting for a decision,
130 cancelled, 128 + signal when left by SIGTERM or SIGHUP. Where scores follow one another, that of the worst: 1, 130, 3, 0.
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
        'dry-run': { type: 'boolean' },
        'no-reload': { type: 'boolean' },
        escalation: { type: 'boolean' },
        'start-sheet': { type: 'string' },
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
    const start = values['start-sheet']
    if (start !== undefined && !/^[1-9]\d{0,5}$/.test(start)) return refused('--start-sheet needs the number of a sheet.')
    return {
      kind: 'run',
      score,
      dataDir: values['data-dir'] ?? null,
      workspace: values.workspace ?? null,
      json,
      fresh: values.fresh === true,
      dryRun: values['dry-run'] === true,
      noReload: values['no-reload'] === true,
      escalate: values.escalation === true,
      startSheet: start === undefined ? null : Number(start),
    }
  } catch (error) {
    // Node's sentence names the option; what it adds about positionals is no help here.
    const [sentence = 'The arguments cannot be understood'] = error instanceof Error ? error.message.split(/\. |\n/) : []
    return refused(`${sentence.replace(/\.$/, '')}.`)
  }
}
