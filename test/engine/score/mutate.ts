type Random = () => number

/** What scores are made of, and what breaks readers. */
const PIECES = [
  ...['name', 'sheet', 'prompt', 'template', 'movements', 'validations', 'fan_out', 'dependencies', 'instruments', 'type'],
  ...[': ', ':', '\n', '\n  ', '- ', '{', '}', '[', ']', ', ', '|\n', '>\n', '"', "'", '#', '---\n', '...\n', '? ', '\t', '\r'],
  ...['&a ', '*a', '<<: *a', '!!', '!!binary ', '%YAML 1.1\n', '{{ ', ' }}', '{% if x %}', '{% endfor %}', '{{ a.b[', '\\'],
  ...['0', '-1', '1.5', '1e400', '.inf', '.nan', '9007199254740993', '99999', '~', 'null', 'true', 'yes', '0x1F', '2001-01-01'],
  ...['__proto__', 'constructor', 'toString', '\0', '\u0001', '\ufffd', '\ud800', '\u2028', '𝄐', '(?<', '(a+)+$', 'a or b'],
]

/** Changes a text in a few places; the same random numbers make the same changes. */
export function mutate(text: string, others: readonly string[], random: Random): string {
  let result = text
  for (let count = 1 + Math.floor(random() * 6); count > 0; count -= 1) result = pick(CHANGES, random)(result, others, random)
  return result.slice(0, 200_000)
}

type Change = (text: string, others: readonly string[], random: Random) => string

const CHANGES: readonly Change[] = [
  (text, _, random) => splice(text, place(text, random), 0, pick(PIECES, random)),
  (text, _, random) => splice(text, place(text, random), Math.floor(random() * 20), ''),
  (text, _, random) => splice(text, place(text, random), 1, String.fromCharCode(Math.floor(random() * 0x250))),
  (text, _, random) => text.slice(0, place(text, random)),
  (text, others, random) => text.slice(0, place(text, random)) + tail(pick(others, random), random),
  // A value for another, a key for another.
  (text, _, random) => replaceOne(text, /(?<=: )[^\n,}]+/g, pick(PIECES, random), random),
  (text, _, random) => replaceOne(text, /\w+(?=:)/g, pick(PIECES, random), random),
  (text, _, random) => replaceOne(text, /\d+/g, String(Math.floor(10 ** (random() * 17))), random),
  // Lines doubled, dropped, moved to another depth, repeated.
  (text, _, random) => lines(text, random, (line) => [line, line]),
  (text, _, random) => lines(text, random, () => []),
  (text, _, random) => lines(text, random, (line) => [`${' '.repeat(Math.floor(random() * 6))}${line.trimStart()}`]),
  (text, _, random) => lines(text, random, (line) => Array<string>(Math.floor(10 ** (random() * 3.5))).fill(line)),
  (text, _, random) => {
    const start = place(text, random)
    const part = text.slice(start, start + Math.floor(random() * 12))
    return splice(text, start, 0, part.repeat(Math.floor(10 ** (random() * 3.5))))
  },
]

function lines(text: string, random: Random, change: (line: string) => readonly string[]): string {
  const all = text.split('\n')
  const index = Math.floor(random() * all.length)
  return [...all.slice(0, index), ...change(all[index] ?? ''), ...all.slice(index + 1)].join('\n')
}

function replaceOne(text: string, pattern: RegExp, by: string, random: Random): string {
  const found = [...text.matchAll(pattern)]
  const match = found[Math.floor(random() * found.length)]
  return match ? splice(text, match.index, match[0].length, by) : text
}

const tail = (text: string, random: Random) => text.slice(place(text, random))
const place = (text: string, random: Random) => Math.floor(random() * (text.length + 1))
const splice = (text: string, start: number, length: number, by: string) => text.slice(0, start) + by + text.slice(start + length)

function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('nothing to choose from')
  return item
}
