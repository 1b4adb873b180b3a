import { FermataError } from '../../errors.ts'

/** Puts variables of the environment in the place of `${NAME}`. @throws FermataError VARIABLE_UNSET */
export function expand(text: string, environment: NodeJS.ProcessEnv): string {
  return text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => variable(name, environment))
}

/** The value of a variable. @throws FermataError VARIABLE_UNSET */
export function variable(name: string, environment: NodeJS.ProcessEnv): string {
  const value = environment[name]
  if (value) return value
  throw new FermataError('VARIABLE_UNSET', `The environment variable ${name} is not set.`, {
    remedy: `Set ${name} before you start Fermata.`,
  })
}
