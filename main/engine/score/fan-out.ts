import type { ScoreFile } from './schema/index.ts'

/** One sheet's place in the score: its movement and which of the movement's copies it is. */
export interface Part {
  readonly movement: number
  readonly voice: number
  readonly voices: number
}

/** What says how a score is laid out in sheets. */
export interface Layout {
  readonly sheet: Pick<ScoreFile['sheet'], 'size' | 'total_items' | 'start_item' | 'dependencies' | 'fan_out'>
  readonly movements: ScoreFile['movements']
}

/** How many copies each movement has: `sheet.fan_out`, or `voices` of the movement. Others have one. */
export function voicesOf({ sheet, movements }: { sheet: Pick<Layout['sheet'], 'fan_out'>; movements: Layout['movements'] }) {
  const voices = new Map<number, number>()
  for (const [number, movement] of Object.entries(movements))
    if (movement.voices !== null) voices.set(Number(number), movement.voices)
  for (const [number, copies] of Object.entries(sheet.fan_out)) voices.set(Number(number), copies)
  return voices
}

/** The sheets before fan-out: movements, where there is a fan-out (Marianne §1: total_sheets). */
export const stageCount = ({ size, total_items, start_item }: Layout['sheet']): number =>
  Math.max(0, Math.ceil((total_items - start_item + 1) / size))

/** The parts of all sheets, in order of the sheets' numbers (Marianne §7.5: numbered one after another). */
export function fanOut(score: Layout): readonly Part[] {
  const voices = voicesOf(score)
  return Array.from({ length: stageCount(score.sheet) }, (_, index) => index + 1).flatMap((movement) => {
    const copies = voices.get(movement) ?? 1
    return Array.from({ length: copies }, (_, index) => ({ movement, voice: index + 1, voices: copies }))
  })
}

/** How many sheets there will be, without making them. */
export function sheetCount(score: Layout): number {
  const stages = stageCount(score.sheet)
  return [...voicesOf(score)].reduce((sum, [movement, voices]) => sum + (movement <= stages ? voices - 1 : 0), stages)
}

/** The movements that a movement waits for: what `dependencies` say; without any at all, the one before it (Marianne §7.5). */
export function waitsFor({ dependencies }: Pick<Layout['sheet'], 'dependencies'>): (movement: number) => readonly number[] {
  if (Object.keys(dependencies).length === 0) return (movement) => (movement > 1 ? [movement - 1] : [])
  return (movement) => [...new Set(dependencies[movement])].sort((a, b) => a - b)
}

/**
 * The sheets each sheet waits for; index 0 is sheet 1 (Marianne §7.5). Between movements: as many copies on both sides go one
 * to one, else all to all.
 */
export function dependenciesOf(score: Pick<Layout, 'sheet'>, parts: readonly Part[]): readonly (readonly number[])[] {
  const members = new Map<number, number[]>()
  for (const [index, { movement }] of parts.entries()) {
    const sheets = members.get(movement)
    if (sheets) sheets.push(index + 1)
    else members.set(movement, [index + 1])
  }
  const before = waitsFor(score.sheet)
  // Looked up once a movement; copies that wait for the same sheets share one list, for all to all can be millions of pairs.
  const known = new Map<number, { readonly sources: readonly (readonly number[])[]; readonly all: readonly number[] }>()
  return parts.map(({ movement, voice, voices }) => {
    let waits = known.get(movement)
    if (!waits) {
      const sources = before(movement).map((source) => members.get(source) ?? [])
      waits = { sources, all: sources.flat() }
      known.set(movement, waits)
    }
    if (voices === 1 || waits.sources.every(({ length }) => length !== voices)) return waits.all
    return waits.sources.flatMap((sheets) => (sheets.length === voices ? sheets.slice(voice - 1, voice) : sheets))
  })
}

/** How many pairs of sheets wait for each other, without making them: all to all multiplies. */
export function linkCount(score: Layout): number {
  const voices = voicesOf(score)
  const stages = stageCount(score.sheet)
  const copies = (movement: number) => (movement > stages ? 0 : (voices.get(movement) ?? 1))
  const before = waitsFor(score.sheet)
  let links = 0
  for (let movement = 1; movement <= stages; movement += 1) {
    const own = copies(movement)
    for (const source of before(movement)) links += own * (copies(source) === own ? 1 : copies(source))
  }
  return links
}

/** A cycle among dependencies, as the movements along it with the first one again at the end; null when there is none. */
export function findCycle(dependencies: Layout['sheet']['dependencies']): readonly number[] | null {
  const done = new Set<number>()
  for (const start of Object.keys(dependencies).map(Number)) {
    // By hand and not by recursion: a chain may be thousands of sheets long.
    const path: number[] = []
    const onPath = new Set<number>()
    const todo: { readonly node: number; readonly leave: boolean }[] = [{ node: start, leave: false }]
    for (let next = todo.pop(); next; next = todo.pop()) {
      const { node, leave } = next
      if (leave) {
        path.pop()
        onPath.delete(node)
        done.add(node)
        continue
      }
      if (onPath.has(node)) return [...path.slice(path.indexOf(node)), node]
      if (done.has(node)) continue
      path.push(node)
      onPath.add(node)
      todo.push({ node, leave: true }, ...(dependencies[node] ?? []).map((source) => ({ node: source, leave: false })))
    }
  }
  return null
}
