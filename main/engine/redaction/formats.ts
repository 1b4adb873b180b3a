import type { Span } from './span.ts'

/** How the tokens of known services begin, of what they consist, and how many of that make a whole one. */
const TOKENS: readonly (readonly [prefix: string, characters: string, least: number])[] = [
  ['sk-', '[A-Za-z0-9_-]', 16],
  ['[sr]k_(?:live|test)_', '[A-Za-z0-9]', 16],
  ['AIza', '[A-Za-z0-9_-]', 30],
  ['gh[opusr]_', '[A-Za-z0-9]', 30],
  ['github_pat_', '[A-Za-z0-9_]', 30],
  ['glpat-', '[A-Za-z0-9_-]', 16],
  ['xox[a-z]-', '[A-Za-z0-9-]', 10],
  ['xapp-', '[A-Za-z0-9-]', 20],
  ['(?:AKIA|ASIA)', '[A-Z0-9]', 16],
  ['npm_', '[A-Za-z0-9]', 30],
  ['hf_', '[A-Za-z0-9]', 30],
  ['pypi-', '[A-Za-z0-9_-]', 40],
  ['ya29\\.', '[A-Za-z0-9_-]', 20],
  ['https://hooks\\.slack\\.com/services/', '[A-Za-z0-9/]', 16],
]

const KNOWN_TOKENS = new RegExp(
  `(?<![A-Za-z0-9])(?:${[
    ...TOKENS.map(([prefix, characters, least]) => `${prefix}${characters}{${least},}`),
    'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}',
    'eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]*',
  ].join('|')})`,
  'g',
)

/** The beginning of such a token, at the very end of a text that was cut there. */
const CUT_TOKEN = new RegExp(
  `(?<![A-Za-z0-9])(?:${[
    ...TOKENS.map(([prefix, characters]) => `${prefix}${characters}+`),
    'SG\\.[A-Za-z0-9_-]+\\.?[A-Za-z0-9_-]*',
    'eyJ[A-Za-z0-9_-]{10,}(?:\\.[A-Za-z0-9_-]*)*',
  ].join('|')})$`,
)

/** The secret is what follows the first group, which says what it is for. */
const LABELLED: readonly RegExp[] = [
  /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token|digest)\s+)?)[^\s"',;\\]+/gi,
  /\b(bearer\s+)[A-Za-z0-9_~+/.=-]{16,}/gi,
  // https://name:password@host
  /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,500}(?=@)/gi,
  // SERVICE_API_KEY=… as in environments; a reference such as `$KEY` is no secret.
  /\b((?:[A-Z0-9]+_){0,8}(?:(?:API)?KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)=)(?:"[^"\n$]+"|'[^'\n$]+'|[^\s"'$]+)/g,
  // "apiKey": "…", password: '…': in quotes, so that code which only names such things stays readable.
  /(["']?\b[\w-]{0,40}(?:api[_-]?key|secret|password|passwd|access[_-]?key|token)["']?\s*[:=]\s*)(?:"[^"\s]{8,}"|'[^'\s]{8,}')/gi,
  // The same in JSON that is a text within JSON, as agents print it.
  /(\\"[\w-]{0,40}(?:api[_-]?key|secret|password|passwd|access[_-]?key|token)\\"\s*:\s*\\")[^"\\\s]{8,}/gi,
]

/** Tokens of known services, authorization headers, passwords in addresses and in assignments. */
export function* knownIn(text: string): Generator<Span> {
  for (const { 0: token, index } of text.matchAll(KNOWN_TOKENS)) yield { start: index, end: index + token.length }
  for (const pattern of LABELLED)
    for (const { 0: whole, 1: label = '', index } of text.matchAll(pattern))
      yield { start: index + label.length, end: index + whole.length }
}

/** Looked at before a cut, in characters. */
const LONGEST_PART = 512

/** The token that the cut at `end` went through, if any. */
export function* tokenCutAt(text: string, end: number): Generator<Span> {
  let from = end
  while (from > 0 && end - from < LONGEST_PART && /[\w./:-]/.test(text.charAt(from - 1))) from -= 1
  const found = from < end ? CUT_TOKEN.exec(text.slice(from, end)) : null
  if (found) yield { start: from + found.index, end }
}
