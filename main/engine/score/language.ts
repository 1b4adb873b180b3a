/** A part of a score whose keys are checked. */
export type Section = 'score' | 'sheet' | 'prompt' | 'retry' | 'validation'

/**
 * Keys that belong to the full score language (Marianne §8.1–8.2) and that this version refuses by name. Building one means
 * taking it out of this list and adding it to the schema.
 */
export const UNBUILT_KEYS: Readonly<Record<Section, readonly string[]>> = {
  score: [
    'instrument_config',
    'instrument_fallbacks',
    'instruments',
    'movements',
    'backend',
    'spec',
    'rate_limit',
    'circuit_breaker',
    'cost_limits',
    'notifications',
    'parallel',
    'stale_detection',
    'cross_sheet',
    'on_success',
    'concert',
    'isolation',
    'workspace_lifecycle',
    'conductor',
    'learning',
    'grounding',
    'ai_review',
    'checkpoints',
    'feedback',
    'bridge',
    'logging',
    'techniques',
    'agent_card',
    'state_backend',
    'state_path',
    'pause_between_sheets_seconds',
  ],
  sheet: [
    'start_item',
    'descriptions',
    'dependencies',
    'fan_out',
    'fan_out_stage_map',
    'skip_when',
    'skip_when_command',
    'prelude',
    'cadenzas',
    'prompt_extensions',
    'spec_tags',
    'per_sheet_instruments',
    'per_sheet_instrument_config',
    'per_sheet_fallbacks',
    'instrument_map',
  ],
  prompt: ['stakes', 'thinking_method', 'prompt_extensions'],
  retry: ['max_completion_attempts', 'completion_delay_seconds', 'completion_threshold_percent'],
  validation: ['stage', 'condition', 'sheet'],
}

/** Which section a path of the document lies in; null where keys are the user's own. */
export function sectionAt(path: readonly PropertyKey[]): Section | null {
  const [first, second] = path
  if (first === undefined) return 'score'
  if (path.length === 1 && (first === 'sheet' || first === 'prompt' || first === 'retry')) return first
  return first === 'validations' && typeof second === 'number' && path.length === 2 ? 'validation' : null
}
