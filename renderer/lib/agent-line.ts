/** One line of an agent's event stream, said shortly. `tone` is for colour; the text says everything. */
export interface AgentLine {
  readonly tone: 'text' | 'tool' | 'note' | 'ok' | 'fail'
  readonly text: string
}

type Json = Readonly<Record<string, unknown>>

/** Longer lines are shown raw: they are data, and parsing them on every scroll would be felt. */
const MAX_LENGTH = 200_000

/**
 * Reads a line of `stream-json` (Claude Code and agents that speak like it) or of `codex exec --json`.
 * Null for everything else, also for events nobody has seen yet: those are shown as they came.
 */
export function readAgentLine(line: string): AgentLine | null {
  if (!line.startsWith('{') || line.length > MAX_LENGTH) return null
  let event: unknown
  try {
    event = JSON.parse(line)
  } catch {
    return null
  }
  if (!isObject(event)) return null
  const said = readClaude(event) ?? readCodex(event)
  return said && said.text !== '' ? said : null
}

function readClaude(event: Json): AgentLine | null {
  switch (event.type) {
    case 'system':
      return readSystem(event)
    case 'assistant':
      return joined(blocksOf(event).map(readAssistantBlock))
    case 'user':
      return joined(blocksOf(event).map(readToolResult))
    case 'rate_limit_event': {
      const status = field(event.rate_limit_info, 'status')
      return status ? { tone: status === 'rejected' ? 'fail' : 'note', text: `Rate limit: ${status.replaceAll('_', ' ')}` } : null
    }
    case 'result':
      return {
        tone: event.is_error === true ? 'fail' : 'ok',
        text: [event.is_error === true ? 'Failed' : 'Finished', flat(event.result)].filter(Boolean).join(': '),
      }
    default:
      return null
  }
}

function readSystem(event: Json): AgentLine | null {
  if (event.subtype === 'init') return note(['Session started', field(event, 'model')].filter(Boolean).join(' · '))
  if (event.subtype === 'api_retry') return note(`Retrying, attempt ${String(event.attempt)} of ${String(event.max_retries)}`)
  return null
}

function readAssistantBlock(block: Json): AgentLine | null {
  if (block.type === 'text') return { tone: 'text', text: flat(block.text) }
  if (block.type === 'thinking') return note(`Thinking: ${flat(block.thinking)}`)
  if (block.type === 'tool_use') return { tone: 'tool', text: `${flat(block.name) || 'Tool'}  ${gist(block.input)}`.trimEnd() }
  return null
}

function readToolResult(block: Json): AgentLine | null {
  if (block.type !== 'tool_result') return null
  const content = Array.isArray(block.content)
    ? block.content.map((part: unknown) => field(part, 'text')).join(' ')
    : flat(block.content)
  return { tone: block.is_error === true ? 'fail' : 'note', text: `→ ${flat(content) || 'done'}` }
}

function readCodex(event: Json): AgentLine | null {
  switch (event.type) {
    case 'thread.started':
      return note('Session started')
    case 'turn.started':
      return note('Turn started')
    case 'turn.completed':
      return { tone: 'ok', text: 'Turn completed' }
    case 'turn.failed':
      return { tone: 'fail', text: `Failed: ${field(event.error, 'message')}` }
    case 'error':
      // Also "Reconnecting... 1/5", which is not the end: no red before the agent gives up.
      return note(field(event, 'message'))
    case 'item.started':
    case 'item.completed':
      return isObject(event.item) ? readCodexItem(event.item, event.type === 'item.completed') : null
    default:
      return null
  }
}

function readCodexItem(item: Json, completed: boolean): AgentLine | null {
  if (item.type === 'agent_message') return { tone: 'text', text: flat(item.text) }
  if (item.type === 'reasoning') return note(`Thinking: ${flat(item.text)}`)
  if (item.type === 'error') return note(flat(item.message))
  if (item.type === 'command_execution') {
    if (!completed) return { tone: 'tool', text: `Run  ${flat(item.command)}` }
    const status = typeof item.exit_code === 'number' ? item.exit_code : null
    return { tone: status ? 'fail' : 'note', text: `→ exit status ${status ?? 'unknown'} · ${flat(item.command)}` }
  }
  return null
}

/** The part of a tool's input a person looks for first. */
function gist(input: unknown): string {
  for (const key of ['command', 'file_path', 'path', 'pattern', 'query', 'url', 'description', 'prompt']) {
    const value = field(input, key)
    if (value) return value
  }
  return isObject(input) && Object.keys(input).length > 0 ? JSON.stringify(input).slice(0, 300) : ''
}

function blocksOf(event: Json): readonly Json[] {
  const content = isObject(event.message) ? event.message.content : undefined
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return Array.isArray(content) ? content.filter(isObject) : []
}

function joined(lines: readonly (AgentLine | null)[]): AgentLine | null {
  const said = lines.filter((line) => line !== null && line.text !== '') as AgentLine[]
  const [first] = said
  return first ? { tone: first.tone, text: said.map(({ text }) => text).join('  ·  ') } : null
}

function note(text: string): AgentLine {
  return { tone: 'note', text }
}

function field(value: unknown, key: string): string {
  return isObject(value) ? flat(value[key]) : ''
}

/** Text on one line; anything else is no text. */
function flat(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : ''
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
