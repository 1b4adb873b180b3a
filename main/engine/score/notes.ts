import type { Diagnostic } from '../errors.ts'
import { nameOf } from './explain.ts'
import { finding } from './finding.ts'
import { notedKeys, valueAt } from './language.ts'
import { asBoolean } from './schema/basics.ts'
import type { Path, YamlSource } from './source.ts'

interface Note {
  /** Goes on after "`key` has no effect: ". */
  readonly why: string
  readonly instead?: string
}

const PROFILE = 'the profile of an instrument says how its program is called'
const NO_API = 'Fermata starts programs and calls no web service of a model'

/** Why each key that scores for Marianne may have does nothing here; by its name in the language. */
export const NOTES: Readonly<Record<string, Note>> = {
  spec: { why: 'no specification is put into prompts by itself', instead: 'List the files under `sheet.prelude`.' },
  'sheet.spec_tags': { why: '`spec` is not supported', instead: 'List the files under `sheet.cadenzas`.' },
  'sheet.loops': {
    why: 'a sheet whose checks hold is not played again',
    instead: 'Check with a validation what the loop waits for, and let `retry` play the sheet until it holds.',
  },
  'sheet.triggers': {
    why: '`retry` and `instrument_fallbacks` say what becomes of a sheet that fails',
    instead: 'To be asked when its tries are used up, submit the job with escalation.',
  },
  'sheet.total_sheets': { why: 'Fermata works it out from `size` and `total_items`' },
  'sheet.fan_out_stage_map': { why: 'Fermata works it out from `fan_out`' },
  'prompt.prompt_extensions': {
    why: 'prompts have no extensions',
    instead: 'Write the text into the template, or use `sheet.prelude`.',
  },
  'sheet.prompt_extensions': {
    why: 'prompts have no extensions',
    instead: 'Write the text into the template, or use `sheet.cadenzas`.',
  },
  conductor: { why: 'the conductor of a job is always the person at the window' },
  'learning.*': {
    why: 'Fermata learns how long sheets take, what they cost and how they fail, and nothing else',
    instead: 'To have earlier failures of a sheet in its prompt, add `past_failures: yes`.',
  },
  'on_success.*.inherit_learning': { why: 'what is learned is there for all jobs' },
  grounding: { why: 'files are not compared by checksum', instead: 'Check them with a `command_succeeds` validation.' },
  judgment: { why: 'no model judges the sheets by itself', instead: 'Add a sheet that judges, with validations of its own.' },
  code_execution: { why: 'what an agent writes is run by the agent alone', instead: 'Use a sheet on the instrument `cli`.' },
  'stale_detection.max_idle_checks_before_kill': { why: 'an attempt is ended when `idle_timeout_seconds` have passed' },
  ai_review: { why: 'no model reviews the results by itself', instead: 'Add a sheet that reviews, with validations of its own.' },
  feedback: { why: 'feedback is not read out of the output', instead: 'Let the sheet write it to a file.' },
  bridge: { why: 'there is no bridge to other models', instead: 'Use `instrument` and `instrument_fallbacks`.' },
  logging: { why: 'the output of every attempt is kept and shown in the window' },
  techniques: { why: 'techniques are not handed to instruments', instead: 'Use `sheet.prelude` with `as: skill` or `as: tool`.' },
  agent_card: { why: 'Fermata does not make jobs known to other agents' },
  synthesis: { why: 'results are not put together by themselves', instead: 'Add a last sheet that depends on the others.' },
  state_path: { why: 'the state of a job is kept where Fermata keeps its data' },
  'concert.concert_log_path': { why: 'what hooks print is kept with the job, in the folder of its attempts' },
  'on_success.*.detached': { why: 'a job started by a hook is always one of its own' },
  'circuit_breaker.cross_workspace_coordination': { why: 'the breaker of an instrument always counts for all jobs' },
  'circuit_breaker.honor_other_jobs_rate_limits': { why: 'the limits of an instrument always hold for all jobs' },
  'backend.disable_mcp': { why: PROFILE },
  'backend.output_format': { why: PROFILE },
  'backend.allowed_tools': { why: PROFILE, instead: 'Give the flag under `cli_extra_args`.' },
  'backend.system_prompt_file': { why: PROFILE, instead: 'List the file under `sheet.prelude`.' },
  'backend.max_output_capture_bytes': { why: 'all output of an attempt is kept' },
  'backend.api_key_env': { why: NO_API },
  'backend.max_tokens': { why: NO_API },
  'backend.temperature': { why: NO_API },
  'backend.ollama': { why: NO_API },
  'backend.sheet_overrides.*.temperature': { why: NO_API },
  'backend.sheet_overrides.*.max_tokens': { why: NO_API },
}

/** Where Fermata already does what such a key asks for. */
const TRUE_HERE: ReadonlySet<string> = new Set([
  'circuit_breaker.cross_workspace_coordination',
  'circuit_breaker.honor_other_jobs_rate_limits',
])

/** One note for every key that a score may have although it has no effect. */
export function* notesOf(document: unknown, source: YamlSource): Generator<Diagnostic> {
  for (const { path, name } of notedKeys(document)) {
    if (TRUE_HERE.has(name) && asBoolean(valueAt(document, path)) === true) continue
    const { why = 'Fermata has nothing like it', instead } = NOTES[name] ?? {}
    yield note(path, `\`${nameOf(path)}\` has no effect: ${why}.`, instead, source)
  }
  const partition = ['parallel', 'budget_partition']
  if (asBoolean(valueAt(document, partition)) === true) {
    yield note(partition, '`parallel.budget_partition` has no effect: a budget is for the whole job.', undefined, source)
  }
  const notifications = valueAt(document, ['notifications'])
  for (const [index, rule] of (Array.isArray(notifications) ? notifications : []).entries()) {
    if (valueAt(rule, ['type']) !== 'email') continue
    const path = ['notifications', index, 'type']
    yield note(
      path,
      `\`${nameOf(path)}: email\` has no effect: Fermata sends no mail.`,
      'Use `desktop`, `slack`, `webhook` or `command`.',
      source,
    )
    break
  }
  const movements = valueAt(document, ['movements'])
  for (const number of Object.keys(typeof movements === 'object' && movements !== null ? movements : {})) {
    const path = ['movements', number, 'voices']
    if ((valueAt(document, path) ?? null) === null) continue
    const message = `\`${nameOf(path)}\` makes copies of the movement's sheet, which Marianne does not do.`
    yield note(path, message, `It means the same as \`sheet.fan_out.${number}\`. You can leave it.`, source, 'VOICES')
    break
  }
}

function note(path: Path, message: string, instead: string | undefined, source: YamlSource, code = 'NOT_SUPPORTED'): Diagnostic {
  return finding(code, message, instead ?? 'You can leave it.', source.keyPlace(path), 'info')
}
