const GONE = '[REDACTED]'

/** Tokens that are known by how they begin. */
const KNOWN_TOKENS = new RegExp(
  [
    'sk-[A-Za-z0-9_-]{16,}',
    '[sr]k_(?:live|test)_[A-Za-z0-9]{16,}',
    'AIza[A-Za-z0-9_-]{30,}',
    'gh[opusr]_[A-Za-z0-9]{30,}',
    'github_pat_[A-Za-z0-9_]{30,}',
    'glpat-[A-Za-z0-9_-]{16,}',
    'xox[a-z]-[A-Za-z0-9-]{10,}',
    'xapp-[A-Za-z0-9-]{20,}',
    '(?:AKIA|ASIA)[A-Z0-9]{16}',
    'npm_[A-Za-z0-9]{30,}',
    'hf_[A-Za-z0-9]{30,}',
    'pypi-[A-Za-z0-9_-]{40,}',
    'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}',
    'ya29\\.[A-Za-z0-9_-]{20,}',
    'eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]*',
  ]
    .map((pattern) => `(?<![A-Za-z0-9])${pattern}`)
    .join('|'),
  'g',
)

/** To the end of the text where the key was cut off. */
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g

const AUTHORIZATION = /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token|digest)\s+)?)[^\s"',;]+/gi
const BEARER = /\b(bearer\s+)[A-Za-z0-9_~+/.=-]{16,}/gi

/** `https://name:password@host` */
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,500}@/gi

/** `SERVICE_API_KEY=…` as in environments; a reference such as `$KEY` is no secret. */
const ENVIRONMENT =
  /\b((?:[A-Z0-9]+_){0,8}(?:(?:API)?KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)=)(?:"[^"\n$]+"|'[^'\n$]+'|[^\s"'$]+)/g

/** `"apiKey": "…"`, `password: '…'`: in quotes, so that code which only names such things stays readable. */
const QUOTED =
  /(["']?\b[\w-]{0,40}(?:api[_-]?key|secret|password|passwd|access[_-]?key|token)["']?\s*[:=]\s*)(?:"[^"\s]{8,}"|'[^'\s]{8,}')/gi

/**
 * Takes secrets out of what programs print and of files they write, before any of it is kept, shown or passed on: private keys,
 * API keys and tokens of known services, authorization headers, passwords in addresses and in assignments. Takes a while that
 * grows with the length and no faster.
 */
export function redact(text: string): string {
  return text
    .replace(PRIVATE_KEY, GONE)
    .replace(AUTHORIZATION, `$1${GONE}`)
    .replace(BEARER, `$1${GONE}`)
    .replace(URL_PASSWORD, `$1${GONE}@`)
    .replace(KNOWN_TOKENS, GONE)
    .replace(ENVIRONMENT, `$1${GONE}`)
    .replace(QUOTED, `$1${GONE}`)
}
