import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addInstrument } from './engine.ts'
import type { Place } from './place.ts'

/** What an agent wrote down itself, whatever Fermata knows of it. `ended`: it was told to stop (SIGTERM) amid its work. */
export interface LedgerLine {
  readonly what: 'begin' | 'done' | 'failed' | 'limited' | 'ended' | 'hook_begin' | 'hook_end'
  readonly job: string
  /** 0 is a hook. */
  readonly sheet: number
  readonly attempt: number
  /** Tokens it said it used; 0 when it begins or is ended. */
  readonly tokens: number
}

export interface Ledger {
  readonly file: string
  read(): readonly LedgerLine[]
}

/**
 * Fake agents that take their orders from their prompt and write down in one file when they begin and end. `ledger-2` is
 * another instrument, whose limit is no other's.
 */
export function addLedgerAgent(place: Place): Ledger {
  const file = join(place.root, 'ledger')
  mkdirSync(place.dataDir, { recursive: true })
  const agent = join(place.root, 'ledger-agent.sh')
  writeFileSync(
    agent,
    `eval "$(cat)"
note() { printf '%s %s %s %s %s\\n' "$1" "$FERMATA_JOB" "$FERMATA_SHEET" "$FERMATA_ATTEMPT_NUMBER" "$2" >>'${file}'; }
answer() { printf '{"type":"result","result":"%s","is_error":%s,"usage":{"input_tokens":%s,"output_tokens":1}}\\n' "$1" "$2" "$3"; }
first() { [ ! -e "$1-$FERMATA_SHEET" ] && echo "$FERMATA_ATTEMPT_NUMBER" >"$1-$FERMATA_SHEET"; }
trap 'note ended 0; kill $!; exit 143' TERM
note begin 0
echo '{"type":"assistant"}'
[ "$HANGS_FIRST" = yes ] && first hung && SECONDS_OF_WORK=600
sleep "$SECONDS_OF_WORK" &
wait
# What it says of its end is what it writes down.
trap '' TERM
if [ "$FAILS_FIRST" = yes ] && first failed; then
  answer broken true 7
  note failed 7
  exit 1
fi
if [ "$LIMITED_FIRST" = yes ] && first limited; then
  answer 'rate limit reached' true 5
  note limited 5
  exit 1
fi
echo work >"sheet-$FERMATA_SHEET.md"
answer fine false "$((100 + FERMATA_SHEET))"
note done "$((100 + FERMATA_SHEET))"
`,
  )
  for (const name of ['ledger', 'ledger-2'])
    addInstrument(place, {
      name,
      // What it tells of its end is all it uses: nothing is to be estimated of one that was ended.
      uses_tokens: false,
      cli: {
        command: { executable: '/bin/sh', extra_flags: [agent] },
        output: {
          format: 'jsonl',
          completion_event_type: 'result',
          result_path: 'result',
          is_error_path: 'is_error',
          error_path: 'result',
          usage_event_type: 'result',
          input_tokens_path: 'usage.input_tokens',
          output_tokens_path: 'usage.output_tokens',
        },
        errors: { rate_limit_patterns: ['rate limit'] },
      },
    })
  return {
    file,
    read: () => {
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
      return lines.map((line) => {
        const [what, job = '', sheet, attempt, tokens] = line.split(' ')
        return { what: what as LedgerLine['what'], job, sheet: Number(sheet), attempt: Number(attempt), tokens: Number(tokens) }
      })
    },
  }
}
