import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'

/** A folder of a test's own: scores, workspaces, the app's data and a home, so that nothing else is touched. */
export interface Place {
  readonly root: string
  readonly dataDir: string
  readonly workspace: string
  /** Absolute path of something in the workspace. */
  inWorkspace(path: string): string
  /** Writes `<name>.yaml` that plays on the workspace and gives its absolute path. */
  score(score: TestScore): string
  remove(): void
}

interface TestScore {
  readonly name: string
  readonly sheets: number
  readonly instrument: 'rehearsal' | 'cli' | 'ledger' | 'spender' | 'agent'
  /** Beside size and total_items. */
  readonly sheet?: Readonly<Record<string, unknown>>
  /** Any other key of the language. */
  readonly [key: string]: unknown
  /** Lines of the prompt's Jinja2 template. */
  readonly prompt: readonly string[]
  readonly validations?: readonly Readonly<Record<string, unknown>>[]
  readonly retry?: Readonly<Record<string, unknown>>
}

export function makePlace(): Place {
  const root = mkdtempSync(join(tmpdir(), 'fermata-test-'))
  const workspace = join(root, 'workspace')
  mkdirSync(workspace)
  return {
    root,
    dataDir: join(root, 'data'),
    workspace,
    inWorkspace: (path) => join(workspace, path),
    score({ name, sheets, instrument, prompt, sheet: more, ...rest }) {
      const path = join(root, `${name}.yaml`)
      const sheet = { size: 1, total_items: sheets, ...more }
      writeFileSync(path, stringify({ name, workspace, instrument, sheet, prompt: { template: prompt.join('\n') }, ...rest }))
      return path
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** A score whose sheets stop at a gate until the test opens it, and that keep a journal of their own. */
export interface GatedScore {
  readonly path: string
  /** Lets the sheet, running now or later, come to its end. */
  open(...sheets: readonly number[]): void
  /** What the sheets wrote themselves, such as `start 3 attempt 1`, `end 3 attempt 1`; in order. */
  journal(): readonly string[]
}

/** Real work under the test's control: nothing has to be timed, and every execution leaves its trace. */
export function gatedScore(place: Place, name: string, sheets: number, more: Readonly<Record<string, unknown>> = {}): GatedScore {
  const journal = place.inWorkspace('journal')
  return {
    path: place.score({
      name,
      sheets,
      instrument: 'cli',
      prompt: [
        'note() { echo "$1 {{ sheet_num }} attempt $FERMATA_ATTEMPT_NUMBER" | tee -a journal; }',
        'note start',
        'until [ -e gate-{{ sheet_num }} ]; do sleep 0.05; done',
        'echo "the work of sheet {{ sheet_num }}" >sheet-{{ sheet_num }}.md',
        'note end',
      ],
      validations: [{ type: 'file_exists', path: '{workspace}/sheet-{sheet_num}.md' }],
      ...more,
    }),
    open: (...numbers) => {
      for (const number of numbers) writeFileSync(place.inWorkspace(`gate-${number}`), '')
    },
    journal: () => (existsSync(journal) ? readFileSync(journal, 'utf8').trim().split('\n') : []),
  }
}
