import type { Diagnostic } from '../../errors.ts'
import { instrumentErrors, timeRemarks } from './instruments.ts'
import { layoutErrors, skipRemarks } from './layout.ts'
import { copiesRemarks, limitErrors } from './limits.ts'
import { notificationErrors, notificationRemarks } from './notifications.ts'
import type { Parts } from './parts.ts'
import { patternErrors } from './patterns.ts'
import { promptErrors, promptWarnings } from './prompt.ts'
import { rangeWarnings } from './ranges.ts'
import { validationRemarks } from './validations.ts'

/*
 * Codes are Marianne's (§8.5) where there is one. Those that need the file system are in `running/`: V002, V003, V005, V107, V108,
 * and V204, which needs the profiles. Two have no check: V004 and V209 are about `backend.system_prompt_file` and
 * `backend.disable_mcp`, of which `notes.ts` says that they have no effect.
 */

/** Why a score cannot be run although each key by itself is right. */
export function* errorsOf(parts: Parts): Generator<Diagnostic> {
  yield* layoutErrors(parts)
  yield* instrumentErrors(parts)
  yield* limitErrors(parts)
  yield* promptErrors(parts)
  yield* patternErrors(parts)
  yield* notificationErrors(parts)
}

/** What a score can be run with, but is hardly meant so. */
export function* remarksOf(parts: Parts): Generator<Diagnostic> {
  yield* promptWarnings(parts)
  yield* validationRemarks(parts)
  yield* rangeWarnings(parts)
  yield* copiesRemarks(parts)
  yield* timeRemarks(parts)
  yield* skipRemarks(parts)
  yield* notificationRemarks(parts)
}
