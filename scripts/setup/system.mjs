import { run, tail } from './run.mjs'
import { SetupError, say } from './say.mjs'

/**
 * Debian's and Ubuntu's packages. Where a name changed (the `t64` ones), the alternatives are
 * separated by `|`, newest first.
 */
export const electronLibraries = [
  'libgtk-3-0t64|libgtk-3-0',
  'libnss3',
  'libasound2t64|libasound2',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libnotify4',
  'libsecret-1-0',
  'libatspi2.0-0t64|libatspi2.0-0',
]

/** A display and a session bus of their own for the desktop tests. */
export const testDisplay = ['xvfb', 'xauth', 'dbus', 'dbus-x11', 'at-spi2-core']

/** What node-gyp needs; the names of the programs are those of the packages. */
const compilers = ['python3', 'make', 'g++']

/** Makes sure of the compilers, wherever they come from. */
export function ensureCompilers() {
  if (compilers.every((name) => run(name, ['--version']).ok)) return
  ensureSystemPackages(compilers, { required: true })
  if (compilers.every((name) => run(name, ['--version']).ok)) return
  throw new SetupError(`needed to build better-sqlite3: ${compilers.join(', ')}`, 'install them')
}

/**
 * On Debian and Ubuntu: installs what is missing when we are root, else says what to type.
 * Elsewhere the names are other ones and nothing is done.
 * @throws {SetupError} when a `required` package is missing in the end
 */
export function ensureSystemPackages(wanted, { required }) {
  if (process.platform !== 'linux') return
  let missing = missingOf(wanted, installedOf(wanted))
  if (missing.length === 0) return
  if (process.getuid() === 0) {
    install(missing)
    missing = missingOf(wanted, installedOf(wanted))
    if (missing.length === 0) return
  }
  const names = namesFor(missing, candidatesFor(missing)).join(' ')
  const message = `system packages are missing: ${names}`
  const remedy = `sudo apt-get install ${names}`
  if (required) throw new SetupError(message, remedy)
  say(message)
  say(`→ ${remedy}`)
}

/** Those of the needs none of whose alternatives is installed; none where dpkg is unknown (`undefined`). */
export function missingOf(wanted, installed) {
  if (!installed) return []
  return wanted.filter((need) => !need.split('|').some((name) => installed.has(name)))
}

/** For each need the first alternative that can be had, else the oldest. */
export function namesFor(needs, available) {
  return needs.map((need) => {
    const names = need.split('|')
    return names.find((name) => available.has(name)) ?? names.at(-1)
  })
}

function installedOf(wanted) {
  const names = wanted.flatMap((need) => need.split('|'))
  const query = run('dpkg-query', ['-W', `-f=\${db:Status-Status} \${Package}\n`, ...names])
  // Unknown names make it fail after it printed the others; no output and no dpkg look different.
  if (!query.ok && /ENOENT/.test(query.stderr)) return undefined
  const lines = query.stdout.split('\n')
  return new Set(lines.filter((line) => line.startsWith('installed ')).map((line) => line.split(' ')[1]))
}

function candidatesFor(needs) {
  const names = needs.flatMap((need) => need.split('|'))
  const policy = run('apt-cache', ['policy', ...names], { env: { LC_ALL: 'C' } }).stdout
  return new Set([...policy.matchAll(/^(\S+):\n.*\n {2}Candidate: (?!\(none\))/gm)].map((match) => match[1]))
}

function install(needs) {
  const apt = (...args) => run('apt-get', ['-y', '-q', ...args], { env: { DEBIAN_FRONTEND: 'noninteractive' } })
  const attempt = () => {
    const names = namesFor(needs, candidatesFor(needs))
    say(`installing system packages: ${names.join(' ')}`)
    return apt('install', '--no-install-recommends', ...names)
  }
  // A fresh image knows no packages at all, an old one those of yesterday: then ask once for news.
  const known = candidatesFor(needs)
  const complete = needs.every((need) => need.split('|').some((name) => known.has(name)))
  if (complete && attempt().ok) return
  say('updating the list of system packages')
  apt('update')
  const second = attempt()
  if (!second.ok) say(`apt-get could not install them: ${tail(second.stderr, 4)}`)
}
