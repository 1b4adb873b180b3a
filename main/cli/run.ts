import { resolve } from 'node:path'
import {
  createConsoleOutput,
  createEngine,
  createNdjsonOutput,
  type Engine,
  FermataError,
  fanOut,
  type OutputProtocol,
} from '../engine/index.ts'
import type { Command } from './arguments.ts'
import { begin } from './begin.ts'
import { showDryRun } from './dry-run.ts'
import { exitStatusOf, FAILED, REFUSED } from './exit-status.ts'
import { follow } from './follow.ts'
import type { Place } from './place.ts'
import { problemRecord, problemText } from './problem-text.ts'
import { reportChain } from './report-chain.ts'

type RunCommand = Extract<Command, { kind: 'run' }>

/** Plays a score, or shows what it would do, and reports until it does not go on. Resolves with the exit status; never rejects. */
export async function run(command: RunCommand, place: Place): Promise<number> {
  if (command.dryRun) return showDryRun(command, place)
  const { stdout, stderr } = place
  const console = command.json ? null : createConsoleOutput(stdout, { environment: place.environment })
  const problem = (message: string, error: unknown) => {
    const detail = error instanceof Error && error.message !== message ? ` ${error.message}` : ''
    stderr.write(`fermata: ${message}${detail}\n`)
  }
  const output = fanOut([console ?? createNdjsonOutput((line) => stdout.write(line))], (_output, error) =>
    problem('Progress cannot be shown any more.', error),
  )
  let engine: Engine | null = null
  try {
    engine = await createEngine({
      dataDir: resolve(command.dataDir ?? place.defaultDataDir),
      assetsDir: place.assetsDir,
      environment: place.environment,
      onProblem: problem,
    })
    return await play(engine, command, output, place)
  } catch (error) {
    console?.close()
    const status = exitStatusOf(error)
    refuse(error, status, command.json, place)
    return status
  } finally {
    console?.close()
    await engine?.close()
  }
}

/** Says on stderr, and for programs on stdout too, why nothing becomes of the run. */
export function refuse(
  error: unknown,
  status: number,
  json: boolean,
  { stdout, stderr }: Pick<Place, 'stdout' | 'stderr'>,
): void {
  stderr.write(problemText(error))
  if (!json) return
  stdout.write(`${JSON.stringify(problemRecord(error, status === REFUSED ? 'refused' : 'failed', Date.now()))}\n`)
}

async function play(engine: Engine, command: RunCommand, output: OutputProtocol, place: Place): Promise<number> {
  const say = (sentence: string) => output.log('info', sentence)
  const request = {
    score: resolve(command.score),
    workspace: command.workspace === null ? null : resolve(command.workspace),
    fresh: command.fresh,
    noReload: command.noReload,
    escalate: command.escalate,
    startSheet: command.startSheet,
  }
  const beginning = begin(engine, request, say)
  const jobId = beginning.then((known) => known.jobId)
  const report = reportChain(engine, jobId, {
    output,
    inTurn: !command.json,
    onProblem: (error) => output.log('error', sentenceOf(error)),
  })
  try {
    const { exitStatus, jobs } = await follow(engine, await beginning, place.signals, say)
    await report.detach()
    for (const { id, status, startedAt } of jobs)
      if (status === 'paused' && startedAt === null) say(`Job ${id} waits until you let it start: give the same command again.`)
    for (const { limitWait } of jobs)
      if (limitWait?.cause === 'login')
        say(`Log in to ${limitWait.instrument}, then give the same command again: it goes on where it stopped.`)
    const failed = jobs.find(({ status }) => status === 'failed')
    if (failed && exitStatus === FAILED && command.json) place.stderr.write(`fermata: ${failed.reason}\n`)
    return exitStatus
  } finally {
    await report.detach()
  }
}

const sentenceOf = (error: unknown) =>
  error instanceof FermataError ? error.message : `Progress could not be shown: ${error instanceof Error ? error.message : error}`
