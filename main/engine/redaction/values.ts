/** Shorter values are too likely to stand in a text by chance. Characters. */
const SHORTEST = 8
/** Of a value of several lines, lines of so many characters are secrets by themselves. */
const SHORTEST_LINE = 16

const SECRET_NAME =
  /(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|WEBHOOK)S?(?:_|$)|(?:^|_)(?:PASS|PWD|PAT|AUTH|COOKIE|DSN)$/i
/** What is named after a secret and is none: where it is, whose it is, of which kind. */
const ABOUT_A_SECRET =
  /_(?:FILE|PATH|DIR|HOST|PORT|NAME|ID|USER|USERNAME|SOCK|TYPE|KIND|METHOD|ALGORITHM|LIMIT|TTL|LIFETIME|EXPIRY|ENABLED|VERSION|REGION|ENDPOINT|COUNT|SIZE)$/i
const WORD = /^(?:[A-Z]?[a-z]{1,11}|[A-Z]{1,12})$/
const PATH = /^(?:~|\.{1,2})?\/|^[A-Za-z]:\\/
/** A piece between slashes that no folder is called. */
const RANDOM = /(?=[^/]*\d)(?=[^/]*[A-Z])(?=[^/]*[a-z])[^/.\s]{20,}/
const PLAIN_ADDRESS = /^https?:\/\/[^\s@?]*$/
const PASSWORD_IN_ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i

/** What of an environment is to be shown nowhere: the values of variables whose names say so, and passwords in addresses. */
export function secretsOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(environment).flatMap(([name, given = '']) => {
    const value = given.trim()
    const password = PASSWORD_IN_ADDRESS.exec(value)?.[1]
    const found = password === undefined ? [] : [password]
    if (SECRET_NAME.test(name) && !ABOUT_A_SECRET.test(name) && isSecret(name, value)) found.push(value)
    return found.filter(({ length }) => length >= SHORTEST)
  })
}

function isSecret(name: string, value: string): boolean {
  if (WORD.test(value)) return false
  if (PATH.test(value)) return RANDOM.test(value)
  return !PLAIN_ADDRESS.test(value) || /WEBHOOK/i.test(name)
}

/** The ways in which the value may stand in a text: as it is, in JSON, in an address, and line by line. */
export function formsOf(value: string): readonly string[] {
  const trimmed = value.trim()
  const lines = trimmed.split(/\r?\n/)
  const long = lines.length > 1 ? lines.map((line) => line.trim()).filter(({ length }) => length >= SHORTEST_LINE) : []
  return [...new Set([trimmed, JSON.stringify(trimmed).slice(1, -1), encoded(trimmed), ...long])].filter(
    ({ length }) => length >= SHORTEST,
  )
}

function encoded(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    // Half a surrogate pair: no address holds it.
    return text
  }
}
