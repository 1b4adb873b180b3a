import { z } from 'zod'
import type { JobRecord } from '../ports.ts'
import { graphOf } from '../scheduling/graph.ts'
import { planScore } from '../score/plan.ts'
import { jobStateAlone, notes, scoreFromText, sheetState } from './rows.ts'

const FORMAT = 1

const checkpoint = z.strictObject({
  format: z.literal(FORMAT),
  /** Absolute path of the data folder of the Fermata that plays the job. */
  owner: z.string(),
  scorePath: z.string(),
  chainDepth: z.number(),
  follows: z.string().nullable(),
  score: z.unknown(),
  notes,
  state: jobStateAlone,
  sheets: z.array(sheetState),
})

/** The whole of a job as JSON (Marianne §1.4: CheckpointState): nothing is lost in a round trip. */
export function checkpointText({ state, score, scorePath, notes: given, chainDepth, follows }: JobRecord, owner: string): string {
  const { sheets, graph: _, ...alone } = state
  return JSON.stringify({ format: FORMAT, owner, scorePath, chainDepth, follows, score, notes: given, state: alone, sheets })
}

/** @throws an error of any kind when the text is no checkpoint of this version */
export function jobFromCheckpoint(text: string): JobRecord {
  const { scorePath, chainDepth, follows, score: stored, notes: given, state, sheets } = checkpoint.parse(JSON.parse(text))
  const score = scoreFromText(JSON.stringify(stored))
  const plan = planScore(score)
  if (plan.sheets.length !== sheets.length) throw new RangeError(`${sheets.length} of ${plan.sheets.length} sheets are there`)
  return { scorePath, chainDepth, follows, score, plan, notes: given, state: { ...state, sheets, graph: graphOf(plan) } }
}

/** Whose job a checkpoint is of: the absolute path of a data folder. @throws an error of any kind when the text is none */
export const ownerOfCheckpoint = (text: string): string => z.object({ owner: z.string() }).parse(JSON.parse(text)).owner
