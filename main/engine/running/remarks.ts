import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Diagnostic } from '../errors.ts'
import type { Catalogue } from '../instruments/catalogue.ts'
import { settingsWithoutEffect } from '../instruments/config.ts'
import type { InstrumentProfile } from '../instruments/profile.ts'
import { checkInstruments } from '../score/check-instruments.ts'
import { instrumentsOf } from '../score/choices.ts'
import { nameOf } from '../score/explain.ts'
import { fanOut } from '../score/fan-out.ts'
import { finding, firstFindings } from '../score/finding.ts'
import type { Injection, Score } from '../score/score.ts'
import { type Path, type Place, readYaml } from '../score/source.ts'
import { budgetRemarks } from './budget-remarks.ts'
import { nextScore } from './hooks/next-score.ts'
import type { LoadedScore } from './submission.ts'

/** Something a score says, and where. */
interface Said {
  readonly path: Path
  readonly text: string
}

type PlaceOf = (path: Path) => Place

function* deadSettings(score: Score, catalogue: Catalogue, keyPlaceOf: PlaceOf): Generator<Diagnostic> {
  const profiles = new Map(catalogue.list().map((profile) => [profile.name, profile]))
  const resolved = instrumentsOf(score)
  const told = new Set<string>()
  for (const [index, part] of fanOut(score).entries()) {
    const { choices, settingPath } = resolved(index + 1, part)
    for (const [choice, { instrument, config }] of choices.entries()) {
      const profile = profiles.get(instrument)
      for (const key of profile ? settingsWithoutEffect(profile, config) : []) {
        const path = settingPath(choice, key)
        const message = `\`${nameOf(path)}\` has no effect on ${instrument}.`
        if (!told.has(message)) yield finding('SETTING', message, 'You can leave it out.', keyPlaceOf(path), 'warning')
        told.add(message)
      }
      if (config.auto_approve !== false || !profile) continue
      const path = settingPath(choice, 'auto_approve')
      const remark = askingRemark(profile, nameOf(path), keyPlaceOf(path))
      if (!told.has(remark.message)) yield remark
      told.add(remark.message)
    }
  }
}

/** Of an instrument that shall ask before it acts: nobody answers it (Marianne V204), or it does not ask at all. */
function askingRemark({ name, cli }: InstrumentProfile, setting: string, place: Place): Diagnostic {
  if (cli.command.auto_approve_flag === undefined) {
    const message = `\`${setting}\` cannot hold ${name} back: its profile has no \`auto_approve_flag\` to leave out.`
    return finding('SETTING', message, 'Use another instrument where it must not act without asking.', place, 'warning')
  }
  const message = `\`${setting}\` makes ${name} ask before it acts, and nobody is there to answer.`
  return finding('V204', message, 'Allow what it needs in its own settings, or remove the key.', place, 'info')
}

/** The same text is told once, where it stands first. Paths with placeholders or wildcards are known only later. */
function missing(said: readonly Said[], bases: readonly string[]): readonly Said[] {
  const first = new Map(said.toReversed().map((one) => [one.text, one]))
  const isMissing = ({ text }: Said) => !/[{}*]/.test(text) && !bases.some((base) => existsSync(resolve(base, text)))
  return said.filter((one) => first.get(one.text) === one && isMissing(one))
}

const injected = (items: readonly Injection[], path: Path): readonly Said[] =>
  items.flatMap(({ file, directory }, index) => [
    ...(file === null ? [] : [{ path: [...path, index, 'file'], text: file }]),
    ...(directory === null ? [] : [{ path: [...path, index, 'directory'], text: directory }]),
  ])

/**
 * Files and folders the score names and that are not there; a sheet may still make them (Marianne V005, V107, V108). The
 * workspace itself is made when the job starts.
 */
function* missingFiles(score: Score, scorePath: string, placeOf: PlaceOf): Generator<Diagnostic> {
  const { workspace, sheet, backend } = score
  const besideScore = [dirname(scorePath)]
  const anywhere = [workspace, ...besideScore]
  const files = [
    ...injected(sheet.prelude, ['sheet', 'prelude']),
    ...Object.entries(sheet.cadenzas).flatMap(([number, items]) => injected(items, ['sheet', 'cadenzas', number])),
  ]
  for (const { path, text } of missing(files, anywhere)) {
    const message = `There is no ${text} to put into the prompt.`
    yield finding('V108', message, 'Check the path, unless a sheet writes it.', placeOf(path), 'warning')
  }
  const jobs = score.on_success.flatMap((hook, index) =>
    hook.type === 'run_job' ? [{ path: ['on_success', index, 'job_path'], text: hook.job_path }] : [],
  )
  for (const { path, text } of missing(jobs, anywhere).filter((one) => nextScore(one.text, scorePath) === null))
    yield finding('V107', `There is no score ${text} to follow this one.`, 'Check `job_path`.', placeOf(path), 'warning')

  const folder = (path: Path, rule: object) => {
    const text = 'working_directory' in rule ? rule.working_directory : null
    return typeof text === 'string' ? [{ path: [...path, 'working_directory'], text }] : []
  }
  const ofBackend = folder(['backend'], backend ?? {})
  const ofRules = [
    ...score.validations.flatMap((rule, index) => folder(['validations', index], rule)),
    ...score.on_success.flatMap((hook, index) => folder(['on_success', index], hook)),
  ]
  for (const [said, base] of [[ofBackend, dirname(scorePath)] as const, [ofRules, workspace] as const]) {
    for (const { path, text } of missing(said, [base])) {
      const wanted = resolve(base, text)
      if (wanted === workspace) continue
      const message = `\`${nameOf(path)}\`: there is no folder ${wanted}.`
      yield finding('V005', message, 'Check the path, unless a sheet makes it.', placeOf(path), 'warning')
    }
  }
}

/** What can be said of a score only where it is to be played: of the instruments and the files there are. */
export function remarksFor({ score, text }: LoadedScore, scorePath: string, catalogue: Catalogue): readonly Diagnostic[] {
  const names = catalogue.list().map(({ name }) => name)
  const { source } = readYaml(text)
  if (!source) return []
  return [
    ...checkInstruments(score, names, text),
    ...firstFindings(deadSettings(score, catalogue, (path) => source.keyPlace(path))),
    ...firstFindings(budgetRemarks(score, catalogue, (path) => source.keyPlace(path))),
    ...firstFindings(missingFiles(score, scorePath, (path) => source.place(path))),
  ]
}
