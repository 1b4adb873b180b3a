import { instrumentsOf } from './choices.ts'
import { dependenciesOf, fanOut } from './fan-out.ts'
import type { Plan, PlannedSheet, Score } from './score.ts'

/** Lays a score out in sheets (Marianne §7.5): of `size` items each, the last one maybe fewer, movements fanned out. */
export function planScore(score: Score): Plan {
  const {
    size,
    total_items: total,
    start_item: first,
    descriptions,
    skip_when,
    skip_when_command,
    prelude,
    cadenzas,
  } = score.sheet
  const parts = fanOut(score)
  const fanned = parts.some(({ voices }) => voices > 1)
  const resolve = instrumentsOf(score)
  const dependencies = dependenciesOf(score, parts)
  const sheets = parts.map((part, index): PlannedSheet => {
    const number = index + 1
    // Fanned out, each copy is an item of its own (Marianne §7.5).
    const startItem = fanned ? number : first + (part.movement - 1) * size
    const rule = skip_when[part.movement] ?? null
    return {
      number,
      startItem,
      endItem: fanned ? number : Math.min(startItem + size - 1, total),
      ...part,
      movementName: score.movements[part.movement]?.name ?? null,
      description: descriptions[number] ?? null,
      dependsOn: dependencies[index] ?? [],
      choices: resolve(number, part).choices,
      skipWhen: typeof rule === 'string' ? rule : null,
      skipWhenCommand:
        typeof rule === 'string'
          ? (skip_when_command[part.movement] ?? null)
          : (rule ?? skip_when_command[part.movement] ?? null),
      injections: cadenzas[number] ? [...prelude, ...cadenzas[number]] : prelude,
    }
  })
  return { sheets, movements: parts.at(-1)?.movement ?? 0 }
}
