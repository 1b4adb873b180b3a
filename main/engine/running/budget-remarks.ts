import type { Diagnostic } from '../errors.ts'
import type { Catalogue } from '../instruments/catalogue.ts'
import { figuresOf } from '../instruments/running-usage.ts'
import { instrumentsOf } from '../score/choices.ts'
import { fanOut } from '../score/fan-out.ts'
import { finding } from '../score/finding.ts'
import type { Score } from '../score/score.ts'
import type { Path, Place } from '../score/source.ts'

/** Where a budget cannot act while a sheet runs as its author may think: the instrument does not tell what it uses until its end, or at all. */
export function* budgetRemarks(score: Score, catalogue: Catalogue, keyPlaceOf: (path: Path) => Place): Generator<Diagnostic> {
  const { budgets, cost_limits: cost } = score
  const key = budgets.job || budgets.sheet ? 'budgets' : 'cost_limits'
  if (key === 'cost_limits' && cost.max_cost_per_job === null && cost.max_cost_per_sheet === null) return
  const profiles = new Map(catalogue.list().map((profile) => [profile.name, profile]))
  const resolved = instrumentsOf(score)
  const names = new Set(
    fanOut(score).flatMap((part, index) => resolved(index + 1, part).choices.map(({ instrument }) => instrument)),
  )
  for (const name of names) {
    const profile = profiles.get(name)
    if (!profile?.uses_tokens || figuresOf(profile) === 'live') continue
    const when = figuresOf(profile) === 'at_end' ? 'only at its end' : 'not at all'
    const message = `${name} tells what it uses ${when}: until then budgets act on an estimate, which may be far too low.`
    yield finding(
      'BUDGET',
      message,
      'Give it small sheets, or an instrument that tells while it runs.',
      keyPlaceOf([key]),
      'info',
    )
  }
}
