import { resolve } from 'node:path'
import { type DryRun, describeForecast, dryRunScore, ScoreError } from '../engine/index.ts'
import type { Command } from './arguments.ts'
import { exitStatusOf } from './exit-status.ts'
import type { Place } from './place.ts'
import { problemText } from './problem-text.ts'

/** Shows what a score would do. Resolves with the exit status: 0, or 2 when it is refused; never rejects. */
export async function showDryRun(
  command: Extract<Command, { kind: 'run' }>,
  { stdout, stderr, assetsDir, defaultDataDir }: Pick<Place, 'stdout' | 'stderr' | 'assetsDir' | 'defaultDataDir'>,
): Promise<number> {
  try {
    const plan = await dryRunScore(resolve(command.score), {
      assetsDir,
      dataDir: resolve(command.dataDir ?? defaultDataDir),
      ...(command.workspace === null ? {} : { workspace: command.workspace }),
    })
    stdout.write(command.json ? `${JSON.stringify(plan, null, 2)}\n` : textOf(plan))
    return 0
  } catch (error) {
    stderr.write(problemText(error))
    if (command.json) {
      const diagnostics = error instanceof ScoreError ? error.diagnostics : []
      stdout.write(`${JSON.stringify({ score: null, diagnostics, sheets: [] }, null, 2)}\n`)
    }
    return exitStatusOf(error)
  }
}

function textOf({ score, workspace, diagnostics, sheets, forecast }: DryRun): string {
  const expected = describeForecast(forecast)
  const notes = diagnostics.map(({ severity, line, message, remedy }) =>
    `  ${severity}, line ${line}: ${message} ${remedy ?? ''}`.trimEnd(),
  )
  const rows = sheets.map((sheet) => {
    const { number, voice, voices, description, instrument, model, dependsOn, estimatedTokens } = sheet
    const facts = [
      description,
      voices > 1 && `voice ${voice} of ${voices}`,
      model === null ? instrument : `${instrument} (${model})`,
      dependsOn.length > 0 && `after ${dependsOn.join(', ')}`,
      `about ${estimatedTokens} tokens`,
    ]
    return `── sheet ${number} · ${facts.filter(Boolean).join(' · ')}\n${sheet.prompt.trimEnd()}\n`
  })
  return [
    `${score}: ${sheets.length} sheets in ${workspace}. Nothing is run.`,
    ...(expected === null ? [] : [`  It will take ${expected}.`]),
    ...notes,
    '',
    ...rows,
  ].join('\n')
}
