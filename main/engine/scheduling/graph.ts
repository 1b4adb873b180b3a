import type { Plan } from '../score/score.ts'
import type { Graph, JobState, SheetState, Station } from './state.ts'

/** What scheduling needs to know of a plan. */
export function graphOf({ sheets }: Plan): Graph {
  const dependents: number[][] = sheets.map(() => [])
  for (const { number, dependsOn } of sheets) for (const source of dependsOn) dependents[source - 1]?.push(number)
  return {
    dependsOn: sheets.map(({ dependsOn }) => dependsOn),
    dependents,
    stations: sheets.map(({ choices }) => choices.map(stationOf) as [Station, ...Station[]]),
  }
}

const stationOf = ({ instrument, config }: Plan['sheets'][number]['choices'][number]): Station => ({
  instrument,
  model: config.model,
})

/** What the sheet is played on now. */
export function stationAt(
  { graph }: Pick<JobState, 'graph'>,
  { number, choice }: Pick<SheetState, 'number' | 'choice'>,
): Station {
  const stations = graph.stations[number - 1]
  return stations?.[choice] ?? stations?.[0] ?? { instrument: 'unknown', model: null }
}

/** Which of the sheet's instruments comes next; null when there is none, or when it came back from one that is not there. */
export function nextChoice(
  { graph }: Pick<JobState, 'graph'>,
  { number, choice, switches }: Pick<SheetState, 'number' | 'choice' | 'switches'>,
): number | null {
  const names = (graph.stations[number - 1] ?? []).map(({ instrument }) => instrument)
  const cameBack = switches.some(({ from, to }) => names.indexOf(to) < names.indexOf(from))
  return cameBack || names[choice + 1] === undefined ? null : choice + 1
}
