import { seededRandom } from '../../support/random.ts'

/** Shell scripts that start each other, and what is to be done to them. */
interface RandomTree {
  /** Name and content of each; every one writes `up-<number>` when it has started its children. */
  readonly scripts: ReadonlyMap<string, string>
  readonly root: string
  /** To be cancelled when so many are up. */
  readonly cancelAt: number
  /** Frozen before it is cancelled. */
  readonly frozen: boolean
}

/** How a script may start another one. */
const STARTS: readonly ((child: string) => string)[] = [
  (child) => `sh ${child} &`,
  (child) => `(sh ${child} &)`,
  (child) => `setsid sh ${child} &`,
  (child) => `(setsid sh ${child} &)`,
  (child) => `sh ${child} <&- >&- 2>&- &`,
  (child) => `bash -mc 'sh ${child} & wait' &`,
]

/** What it may do before that. */
const HABITS = ['', "trap '' TERM", 'trap : TERM', 'exec <&- >&- 2>&-', "trap '' HUP INT TERM"]

/** What it may do after that. */
const LIVES = [
  'exec sleep 300',
  'sleep 300; sleep 300',
  'while :; do sleep 0.05; done',
  'while :; do sleep 300 & sleep 0.1; done',
  'true & exec sleep 300',
  'kill -STOP $$',
  'exit 0',
]

/** A tree of at most 13 scripts, three deep; the same for the same seed. The root stays, so that there is something to cancel. */
export function randomTree(seed: number): RandomTree {
  const random = seededRandom(seed)
  const among = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T
  const scripts = new Map<string, string>()

  function grow(depth: number): string {
    const number = scripts.size
    const name = `node-${number}`
    scripts.set(name, '')
    const children = depth === 0 ? 0 : Math.ceil(random() * 3)
    const starts = Array.from({ length: children }, () => among(STARTS)(grow(depth - 1)))
    const life = number === 0 ? 'while :; do sleep 0.05; done' : among(LIVES)
    scripts.set(name, [among(HABITS), ...starts, `: >up-${number}`, life, ''].join('\n'))
    return name
  }

  const root = grow(2)
  return { scripts, root, cancelAt: 1 + Math.floor(random() * scripts.size), frozen: random() < 0.3 }
}
