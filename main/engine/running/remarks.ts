import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Diagnostic } from '../errors.ts'
import type { Catalogue } from '../instruments/catalogue.ts'
import { settingsWithoutEffect } from '../instruments/config.ts'
import { checkInstruments } from '../score/check-instruments.ts'
import { planScore } from '../score/plan.ts'
import type { InstrumentChoice, Score } from '../score/score.ts'
import type { LoadedScore } from './submission.ts'

const remark = (code: string, message: string, remedy: string | null): Diagnostic => ({
  code,
  severity: 'warning',
  message,
  remedy,
  line: 1,
  column: 1,
})

/** Each instrument with each of its configurations, once. */
function distinctChoices(score: Score): readonly InstrumentChoice[] {
  const found = planScore(score).sheets.flatMap(({ choices }) => choices)
  return [...new Map(found.map((choice) => [JSON.stringify(choice), choice])).values()]
}

function deadSettings(score: Score, catalogue: Catalogue): readonly Diagnostic[] {
  const profiles = new Map(catalogue.list().map((profile) => [profile.name, profile]))
  const told = distinctChoices(score).flatMap(({ instrument, config }) => {
    const profile = profiles.get(instrument)
    return profile ? settingsWithoutEffect(profile, config).map((key) => `${instrument}\n${key}`) : []
  })
  return [...new Set(told)].map((pair) => {
    const [instrument, key] = pair.split('\n')
    return remark('SETTING', `\`${key}\` has no effect on ${instrument}.`, 'You can leave it out.')
  })
}

/** Files the score names and that are not there; a sheet may still write them. Paths with placeholders are known only later. */
function missingFiles(score: Score, scorePath: string): readonly Diagnostic[] {
  const bases = [score.workspace, dirname(scorePath)]
  const isMissing = (path: string) => !/[{}*]/.test(path) && !bases.some((base) => existsSync(resolve(base, path)))
  const injected = [...score.sheet.prelude, ...Object.values(score.sheet.cadenzas).flat()].flatMap(
    ({ file, directory }) => file ?? directory ?? [],
  )
  const followed = score.on_success.flatMap((hook) => (hook.type === 'run_job' ? hook.job_path : []))
  return [
    ...[...new Set(injected)]
      .filter(isMissing)
      .map((path) => remark('V107', `There is no ${path} to put into the prompt.`, 'Check the path, unless a sheet writes it.')),
    ...[...new Set(followed)]
      .filter(isMissing)
      .map((path) => remark('V108', `There is no score ${path} to follow this one.`, 'Check `job_path`.')),
  ]
}

/** What can be said of a score only where it is to be played: of the instruments and the files there are. */
export function remarksFor({ score, text }: LoadedScore, scorePath: string, catalogue: Catalogue): readonly Diagnostic[] {
  const names = catalogue.list().map(({ name }) => name)
  return [...checkInstruments(score, names, text), ...deadSettings(score, catalogue), ...missingFiles(score, scorePath)]
}
