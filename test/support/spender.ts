import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addInstrument } from './engine.ts'
import type { Place } from './place.ts'

/**
 * An agent named `spender` that does what its prompt says, a shell script: `spend 500` tells of 500 tokens written, `garble` prints
 * an event without the figures it should hold, `await name` waits for a file of that name in the workspace, `finish 700` tells
 * the whole in the end.
 */
export function addSpender(place: Place): void {
  mkdirSync(place.dataDir, { recursive: true })
  const agent = join(place.root, 'spender.sh')
  writeFileSync(
    agent,
    `calls=0
spend() { calls=$((calls + 1)); echo '{"type":"assistant","id":"m'$calls'","usage":{"out":'$1'}}'; }
garble() { echo '{"type":"assistant","id":"m'$1'","usage":{"out":"many"}}'; }
await() { until [ -e "$1" ]; do sleep 0.05; done; }
finish() { echo '{"type":"result","result":"fine","usage":{"out":'$1'}}'; }
eval "$(cat)"
`,
  )
  addInstrument(place, {
    name: 'spender',
    raw_prompt: true,
    default_model: 'spender-1',
    // USD 0.01 for each token, so that amounts can be read.
    models: [{ name: 'spender-1', cost_per_1k_input: 10, cost_per_1k_output: 10 }],
    cli: {
      command: { executable: '/bin/sh', extra_flags: [agent] },
      output: {
        format: 'jsonl',
        completion_event_type: 'result',
        result_path: 'result',
        usage_event_type: 'result',
        output_tokens_path: 'usage.out',
        live: { event_type: 'assistant', id_path: 'id', output_tokens_path: 'usage.out' },
      },
    },
  })
}
