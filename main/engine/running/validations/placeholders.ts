import { FermataError } from '../../errors.ts'
import { variableText } from '../../score/variables.ts'

const PLACEHOLDER = /\{([A-Za-z_][A-Za-z0-9_]*)\}/g
/** Characters that mean nothing to a shell. */
const HARMLESS = /^[A-Za-z0-9_\-./:=@%+,]+$/

/** A path with a placeholder that nothing fills. */
export class PlaceholderError extends FermataError {
  /** As the score says it. */
  readonly path: string

  constructor(path: string, name: string, known: readonly string[]) {
    super('PLACEHOLDER_UNKNOWN', `The path "${path}" names {${name}}, which does not exist.`, {
      remedy: `Known names: ${known.toSorted().join(', ')}.`,
    })
    this.path = path
  }
}

/**
 * Puts values into the `{name}` placeholders of a path.
 * @throws PlaceholderError when nothing has that name: a check of a wrong path would only confuse.
 */
export function fillPath(path: string, variables: Record<string, unknown>): string {
  return path.replace(PLACEHOLDER, (_, name: string) => {
    if (!Object.hasOwn(variables, name)) throw new PlaceholderError(path, name, Object.keys(variables))
    return variableText(variables[name])
  })
}

type Quote = 'none' | 'single' | 'double'

function quoted(value: string, quote: Quote): string {
  if (quote === 'double') return value.replace(/["$`\\]/g, '\\$&')
  const inner = value.replaceAll("'", `'\\''`)
  if (quote === 'single') return inner
  return HARMLESS.test(value) ? value : `'${inner}'`
}

/**
 * Puts values into the `{name}` placeholders of a shell command, quoted for the place they stand in, so that a path
 * with a space or a `$(…)` in it stays a path. Braces that name nothing are the shell's own and stay.
 */
export function fillCommand(command: string, variables: Record<string, unknown>): string {
  let quote: Quote = 'none'
  let result = ''
  for (let i = 0; i < command.length; i++) {
    const character = command.charAt(i)
    const placeholder = character === '{' ? /^\{([A-Za-z_][A-Za-z0-9_]*)\}/.exec(command.slice(i)) : null
    const name = placeholder?.[1]
    if (placeholder && name !== undefined && command[i - 1] !== '$' && Object.hasOwn(variables, name)) {
      result += quoted(variableText(variables[name]), quote)
      i += placeholder[0].length - 1
      continue
    }
    if (character === '\\' && quote !== 'single') {
      result += command.slice(i, i + 2)
      i++
      continue
    }
    if (character === "'" && quote !== 'double') quote = quote === 'single' ? 'none' : 'single'
    if (character === '"' && quote !== 'single') quote = quote === 'double' ? 'none' : 'double'
    result += character
  }
  return result
}
