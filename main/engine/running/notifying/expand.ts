import { FermataError } from '../../errors.ts'
import type { Secrets } from '../../ports.ts'

/** Where the values come from that texts name. */
export interface Sources {
  readonly environment: NodeJS.ProcessEnv
  readonly secrets: Secrets
}

/**
 * Puts in their values: of the environment for `${NAME}`, of the keychain for `${secret:NAME}`, or `secret:NAME` as the whole text.
 * @throws FermataError VARIABLE_UNSET, SECRET_MISSING
 */
export function expand(text: string, sources: Sources): string {
  const whole = /^secret:([\w.-]+)$/.exec(text)?.[1]
  if (whole !== undefined) return secretOf(whole, sources)
  return text.replace(/\$\{(secret:)?([\w.-]+)\}/g, (given, kept: string | undefined, name: string) => {
    if (kept) return secretOf(name, sources)
    return /^[A-Za-z_]\w*$/.test(name) ? variable(name, sources) : given
  })
}

function variable(name: string, { environment }: Sources): string {
  const value = environment[name]
  if (value) return value
  throw new FermataError('VARIABLE_UNSET', `The environment variable ${name} is not set.`, {
    remedy: `Set ${name} before you start Fermata.`,
  })
}

function secretOf(name: string, { secrets }: Sources): string {
  const value = secrets.get(name)
  if (value) return value
  throw new FermataError('SECRET_MISSING', `There is no secret "${name}".`, {
    remedy: 'Keep it in the settings of the Fermata app, or name a variable of the environment instead: ${NAME}.',
  })
}
