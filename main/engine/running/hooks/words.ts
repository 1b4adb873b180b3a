import { FermataError } from '../../errors.ts'

/**
 * A command line in words as a shell would see them, quotes and backslashes heeded and nothing else: no variables, no wildcards.
 * @throws FermataError HOOK_COMMAND when a quote is not closed or there is no word
 */
export function splitWords(line: string): [string, ...string[]] {
  const words: string[] = []
  let word: string | null = null
  let quote = ''
  for (let i = 0; i < line.length; i++) {
    const character = line.charAt(i)
    if (quote !== '') {
      if (character === quote) quote = ''
      else if (character === '\\' && quote === '"' && /["\\]/.test(line.charAt(i + 1))) word += line.charAt(++i)
      else word += character
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + (character === '\\' ? line.charAt(++i) : character)
  }
  if (word !== null) words.push(word)
  const [program, ...rest] = words
  if (quote !== '' || program === undefined) {
    throw new FermataError(
      'HOOK_COMMAND',
      quote === '' ? 'The command is empty.' : `The command has a ${quote} that is not closed.`,
      {
        remedy: 'Correct the `command` of the hook.',
      },
    )
  }
  return [program, ...rest]
}
