import type { Plan, Score } from './score.ts'

/** Lays a score out in sheets of `size` items (Marianne §1: domain model); the last one may hold fewer. */
export function planScore(score: Pick<Score, 'sheet'>): Plan {
  const { size, totalItems } = score.sheet
  const sheets = Array.from({ length: Math.ceil(totalItems / size) }, (_, index) => ({
    number: index + 1,
    startItem: index * size + 1,
    endItem: Math.min((index + 1) * size, totalItems),
  }))
  return { sheets }
}
