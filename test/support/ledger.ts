import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addInstrument } from './engine.ts'
import type { Place } from './place.ts'

/** What an agent wrote down itself, whatever Fermata knows of it. */
export interface LedgerLine {
  readonly what: 'begin' | 'done' | 'failed' | 'hook_begin' | 'hook_end'
  readonly job: string
  readonly sheet: number
  readonly attempt: number
  /** Tokens it said it used; 0 when it begins. */
  readonly tokens: number
}

/** A fake agent named `ledger` that takes its orders from its prompt and writes down in one file when it begins and ends. */
export function addLedgerAgent(place: Place): { read(): readonly LedgerLine[]; readonly file: string } {
  const file = join(place.root, 'ledger')
  mkdirSync(place.dataDir, { recursive: true })
  const agent = join(place.root, 'ledger-agent.sh')
  writeFileSync(
    agent,
    `eval "$(cat)"
note() { printf '%s %s %s %s %s\\n' "$1" "$FERMATA_JOB" "$FERMATA_SHEET" "$FERMATA_ATTEMPT_NUMBER" "$2" >>'${file}'; }
answer() { printf '{"type":"result","result":"%s","is_error":%s,"usage":{"input_tokens":%s,"output_tokens":1}}\\n' "$1" "$2" "$3"; }
note begin 0
echo '{"type":"assistant"}'
sleep "$SECONDS_OF_WORK"
if [ "$FAILS_FIRST" = yes ] && [ ! -e "failed-$FERMATA_SHEET" ]; then
  : >"failed-$FERMATA_SHEET"
  answer broken true 7
  note failed 7
  exit 1
fi
echo work >"sheet-$FERMATA_SHEET.md"
answer fine false "$((100 + FERMATA_SHEET))"
note done "$((100 + FERMATA_SHEET))"
`,
  )
  addInstrument(place, {
    name: 'ledger',
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
