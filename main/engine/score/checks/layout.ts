import type { Diagnostic } from '../../errors.ts'
import { nameOf } from '../explain.ts'
import { checkExpression } from '../expression.ts'
import { findCycle, linkCount, sheetCount, stageCount, voicesOf } from '../fan-out.ts'
import { finding, wordList } from '../finding.ts'
import { unknownFacts } from '../skip-facts.ts'
import { closest } from '../suggest.ts'
import { layoutOf, type Parts } from './parts.ts'

/** More sheets than this are a slip of the keyboard, and too many to keep and to show. */
const MAX_SHEETS = 10_000
/** Pairs of sheets that wait for each other. */
const MAX_LINKS = 1_000_000

/** Errors in how a score is laid out in sheets: items, copies, dependencies. */
export function* layoutErrors(parts: Parts): Generator<Diagnostic> {
  yield* checkItems(parts)
  yield* checkCopies(parts)
  yield* checkDependencies(parts)
  yield* checkNumbers(parts)
  yield* checkSkipRules(parts)
}

function* checkItems({ sheet, source }: Parts): Generator<Diagnostic> {
  const { start_item: first = 1, total_items: total = first } = sheet
  if (first <= total) return
  const message = `\`sheet.start_item\` is ${first}, after the last of ${total} items.`
  yield finding('SCORE_VALUE', message, 'Lower it, or raise `total_items`.', source.place(['sheet', 'start_item']))
}

function* checkCopies({ score, sheet, source }: Parts): Generator<Diagnostic> {
  const { fan_out = {}, size = 1, start_item: first = 1 } = sheet
  const movements = score.movements ?? {}
  for (const [number, { voices }] of Object.entries(movements)) {
    const copies = fan_out[number]
    if (voices === null || copies === undefined || copies === voices) continue
    const message = `\`movements.${number}.voices\` is ${voices}, but \`sheet.fan_out.${number}\` is ${copies}.`
    yield finding('SCORE_VALUE', message, 'Keep one of the two.', source.place(['movements', number, 'voices']))
  }
  const wide = Object.entries({ ...fan_out, ...Object.fromEntries(voicesOf({ sheet: { fan_out: {} }, movements })) })
  const number = wide.find(([, copies]) => copies > 1)?.[0]
  if (number === undefined || (size === 1 && first === 1)) return
  const path = fan_out[number] === undefined ? ['movements', number, 'voices'] : ['sheet', 'fan_out', number]
  const message = `\`${nameOf(path)}\` makes copies of a sheet, which needs \`size: 1\` and \`start_item: 1\`.`
  const remedy = `Set them under \`sheet\` (now ${size} and ${first}), or remove the copies.`
  yield finding('SCORE_VALUE', message, remedy, source.keyPlace(path))
}

function* checkDependencies(parts: Parts): Generator<Diagnostic> {
  const { sheet, source } = parts
  const { dependencies = {} } = sheet
  const layout = layoutOf(parts)
  const last = layout ? stageCount(layout.sheet) : Number.POSITIVE_INFINITY
  const range = `there ${last === 1 ? 'is only sheet 1' : `are only sheets 1 to ${last}`} before fan-out`
  for (const [number, sources] of Object.entries(dependencies)) {
    const path = ['sheet', 'dependencies', number]
    if (Number(number) > last)
      yield finding('SCORE_VALUE', `\`${nameOf(path)}\`: ${range}.`, 'Correct the number.', source.keyPlace(path))
    for (const [index, other] of sources.entries()) {
      const place = () => source.place([...path, index])
      if (other > last)
        yield finding('SCORE_VALUE', `Sheet ${number} waits for sheet ${other}, but ${range}.`, 'Correct the number.', place())
      else if (other === Number(number))
        yield finding('SCORE_VALUE', `Sheet ${number} waits for itself.`, `Remove ${number} from the list.`, place())
    }
  }
  const others = Object.entries(dependencies).map(([number, sources]) => [
    number,
    sources.filter((one) => one !== Number(number)),
  ])
  const cycle = findCycle(Object.fromEntries(others))
  if (!cycle) return
  const message = `Sheets wait for each other in a circle: ${cycle.join(' → ')}.`
  const remedy = 'Remove one of these dependencies.'
  yield finding('SCORE_VALUE', message, remedy, source.keyPlace(['sheet', 'dependencies', String(cycle[0])]))
}

function* checkNumbers(parts: Parts): Generator<Diagnostic> {
  const layout = layoutOf(parts)
  if (!layout) return
  const sheets = sheetCount(layout)
  if (sheets > MAX_SHEETS) {
    const fanned = stageCount(layout.sheet) <= MAX_SHEETS
    const message = `This makes ${sheets} sheets; a job may have ${MAX_SHEETS}.`
    const remedy = fanned ? 'Make fewer copies.' : 'Raise `size` or lower `total_items`.'
    yield finding('SCORE_VALUE', message, remedy, parts.source.place(['sheet', fanned ? 'fan_out' : 'total_items']))
    return
  }
  const links = linkCount(layout)
  if (links <= MAX_LINKS) return
  const message = `The sheets would have to wait for each other in ${links} pairs; a job may have ${MAX_LINKS}.`
  const remedy = 'Put a sheet without copies between the two movements with the most copies.'
  yield finding('SCORE_VALUE', message, remedy, parts.source.keyPlace(['sheet']))
}

/** A rule that cannot be read would never leave its sheet out: better told before the sheet costs money. */
function* checkSkipRules({ sheet, source }: Parts): Generator<Diagnostic> {
  for (const [number, rule] of Object.entries(sheet.skip_when ?? {})) {
    const fault = typeof rule === 'string' ? checkExpression(rule) : null
    if (!fault) continue
    const path = ['sheet', 'skip_when', number]
    const message = `\`${nameOf(path)}\` is not a valid expression: ${fault.message}`
    const remedy = 'Write one such as `sheets[1].status == "failed"`.'
    yield finding('EXPRESSION', message, remedy, source.insidePlace(path, fault))
  }
}

/** What rules ask for and nothing has, so that they cannot be worked out. */
export function* skipRemarks({ sheet, source }: Parts): Generator<Diagnostic> {
  for (const [number, rule] of Object.entries(sheet.skip_when ?? {})) {
    if (typeof rule !== 'string') continue
    for (const { about, name, known, ...place } of unknownFacts(rule)) {
      const path = ['sheet', 'skip_when', number]
      const owner = about === 'job' ? 'the job does' : about === 'sheet' ? 'sheets do' : '`sheets` does'
      const message = `\`${nameOf(path)}\` asks for \`${name}\`, which ${owner} not have; a rule that cannot be worked out leaves nothing out.`
      const near = closest(name, known)
      const remedy = near ? `Did you mean \`${near}\`?` : `Use one of ${wordList(known)}.`
      yield finding('EXPRESSION', message, remedy, source.insidePlace(path, place), 'warning')
    }
  }
}
