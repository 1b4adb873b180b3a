import {
  type Alias,
  Composer,
  type Document,
  type ErrorCode,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  type Tags,
  visit,
  type YAMLMap,
} from 'yaml'
import type { Diagnostic } from '../errors.ts'
import { resolveAliases } from './aliases.ts'
import { Float } from './jinja/values.ts'
import { isTooLarge } from './too-large.ts'

export type Path = readonly PropertyKey[]
export interface Place {
  readonly line: number
  readonly column: number
}

/** A YAML text that was read: its value, and where each part of it stands. */
export interface YamlSource {
  /** Mappings are `Map`s, so that keys keep their kind and order; floats are `Float`s. */
  readonly value: unknown
  /** Where the value at `path` begins, or the nearest thing around it. */
  place(path: Path): Place
  /** Where the key at the end of `path` stands. */
  keyPlace(path: Path): Place
  /** Where a place inside the text at `path` (line and column from 1) stands in the file. Best effort for folded texts. */
  insidePlace(path: Path, inside: Place): Place
  /** Plain words that older YAML takes for true or false (`yes`, `off`), below `path`. */
  oldBooleans(path: Path): readonly (Place & { readonly word: string })[]
}

export type Reading =
  | { readonly source: YamlSource; readonly diagnostics: readonly [] }
  | { readonly source: null; readonly diagnostics: readonly Diagnostic[] }

const MOST_FAULTS = 20
const START: Place = { line: 1, column: 1 }

/** Reads YAML 1.2 with merge keys. Whatever is wrong with the text becomes a diagnostic, never an exception. */
export function readYaml(text: string): Reading {
  const binary = text.search(/[\0\ufffd]/)
  if (binary >= 0) return refused('This is not a text file in UTF-8.', 'Save the score as plain text in UTF-8.')
  if (isTooLarge(text))
    return refused('The score is too large to be read.', 'Split it into several scores, or move its texts into files.')
  const lines = new LineCounter()
  try {
    const documents = documentsOf(text, lines)
    const [first, second] = documents
    if (!first) return empty()
    const faults = documents.flatMap((document) => [...document.errors, ...document.warnings])
    if (faults.some(({ message }) => message.includes('call stack'))) return tooDeep()
    if (faults.length > 0) return { source: null, diagnostics: syntaxFaults(faults, lines) }
    if (second) {
      const place = placeOf(lines, second.contents?.range?.[0] ?? second.range[0])
      return refused(
        'A score is one YAML document, but this file holds several.',
        'Remove the part after `---`, or put it into a file of its own.',
        place,
      )
    }
    if (first.contents === null || (isScalar(first.contents) && first.contents.value === null)) return empty()
    const twice = keysThereTwice(first)
    if (twice.length > 0) return { source: null, diagnostics: syntaxFaults(twice, lines) }
    const aliases = resolveAliases(first)
    if (!aliases)
      return refused(
        'The score repeats itself by aliases (`*name`) far too often or without end, or names one that does not exist.',
        'Write the repeated parts out, or use fewer aliases.',
      )
    const value: unknown = first.toJS({ mapAsMap: true, maxAliasCount: -1 })
    return { source: new ReadYaml(first, aliases, lines, text, value), diagnostics: [] }
  } catch (error) {
    if (error instanceof RangeError) return tooDeep()
    // The library throws plain errors for what it notices only now, such as `<<` with something that is no mapping.
    return refused(`This is not valid YAML: ${error instanceof Error ? error.message : 'it cannot be read'}.`, 'Correct it.')
  }
}

/** The first two documents of a text: that there is a second is all there is to know of the others. */
function documentsOf(text: string, lines: LineCounter): Document.Parsed[] {
  const composer = new Composer({
    // Compares each key with each other one; `keysThereTwice` does not.
    uniqueKeys: false,
    merge: true,
    customTags: keepFloats,
    logLevel: 'silent',
  })
  const documents: Document.Parsed[] = []
  // The library makes an error of each fault; a hundred thousand of them with their stacks fill the memory.
  const errors: ErrorConstructor & { stackTraceLimit?: number | undefined } = Error
  const { stackTraceLimit } = errors
  errors.stackTraceLimit = 0
  try {
    for (const document of composer.compose(new Parser(lines.addNewLine).parse(text))) {
      documents.push(document)
      if (documents.length === 2) break
    }
  } finally {
    errors.stackTraceLimit = stackTraceLimit
  }
  return documents
}

/** Makes `384.0` a `Float`: to a template it is not the same as `384`. */
function keepFloats(tags: Tags): Tags {
  return tags.map((tag) => {
    if (typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:float' || tag.collection) return tag
    return { ...tag, resolve: (text: string) => new Float(toFloat(text)) }
  })
}

function toFloat(text: string): number {
  const word = text.toLowerCase().replace('+', '')
  if (word === '.nan') return Number.NaN
  if (word.endsWith('.inf')) return word.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return Number(text)
}

function empty(): Reading {
  return refused('The score is empty.', 'Write at least `name`, `instrument`, `sheet` and `prompt`.')
}

function tooDeep(): Reading {
  return refused('The score is nested too deeply.', 'Use fewer levels.')
}

function refused(message: string, remedy: string, place = START): Reading {
  return { source: null, diagnostics: [{ code: 'YAML', severity: 'error', message, remedy, ...place }] }
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset)
  return line > 0 ? { line, column: col } : START
}

const SYNTAX: Partial<Record<ErrorCode, readonly [message: string, remedy: string]>> = {
  DUPLICATE_KEY: ['This key is there twice.', 'Remove one of the two.'],
  TAB_AS_INDENT: ['A tab cannot indent YAML.', 'Use spaces.'],
  BAD_INDENT: ['The indentation does not fit.', 'Indent it like the lines it belongs to.'],
  TAG_RESOLVE_FAILED: ['A score knows no YAML tags such as `!this`.', 'Remove the tag, or put the value in quotes.'],
  MISSING_CHAR: ['Something is missing here, such as a closing quote or a colon.', 'Look at this line and the one before.'],
}

const NEVER_CLOSED = ['A list or mapping in brackets is never closed.', 'Close it with `]` or `}`.'] as const

interface Fault {
  readonly code: ErrorCode
  readonly message: string
  readonly pos: readonly [number, number]
}

/** One mistake makes the reader stumble several times: the first fault of each line is enough, and not too many of them. */
function syntaxFaults(faults: readonly Fault[], lines: LineCounter): Diagnostic[] {
  const found = new Map<number, Diagnostic>()
  for (const fault of faults) {
    const finding = syntaxFault(fault, lines)
    if (!found.has(finding.line)) found.set(finding.line, finding)
    if (found.size === MOST_FAULTS) break
  }
  return [...found.values()]
}

/** `1` and `"1"` are the same key: a score's numbered entries are read by number, whatever the quotes. */
function keysThereTwice(document: Document): Fault[] {
  const twice: Fault[] = []
  visit(document, {
    Map: (_, { items }) => {
      const names = new Set<string>()
      for (const { key } of items) {
        if (!isScalar(key) || key.value === '<<') continue
        const name = String(key.value)
        const [start = 0, end = 0] = key.range ?? []
        if (names.has(name)) twice.push({ code: 'DUPLICATE_KEY', message: 'Map keys must be unique', pos: [start, end] })
        names.add(name)
      }
    },
  })
  return twice
}

function syntaxFault(fault: Fault, lines: LineCounter): Diagnostic {
  const place = placeOf(lines, fault.pos[0])
  const open = fault.code === 'BAD_INDENT' && fault.message.startsWith('Flow')
  const [message, remedy] = open
    ? NEVER_CLOSED
    : (SYNTAX[fault.code] ?? [`This is not valid YAML: ${fault.message.replace(/\.?$/, '.')}`, 'Correct it at this place.'])
  return { code: 'YAML', severity: 'error', message, remedy, ...place }
}

class ReadYaml implements YamlSource {
  readonly value: unknown
  readonly #document: Document
  readonly #aliases: ReadonlyMap<Alias, Node>
  readonly #lines: LineCounter
  readonly #text: string
  readonly #pairs = new WeakMap<YAMLMap, Map<string, Pair>>()

  constructor(document: Document, aliases: ReadonlyMap<Alias, Node>, lines: LineCounter, text: string, value: unknown) {
    this.#document = document
    this.#aliases = aliases
    this.#lines = lines
    this.#text = text
    this.value = value
  }

  place(path: Path): Place {
    return placeOf(this.#lines, this.#reach(path).node?.range?.[0] ?? 0)
  }

  keyPlace(path: Path): Place {
    const { key, node } = this.#reach(path)
    return placeOf(this.#lines, key?.range?.[0] ?? node?.range?.[0] ?? 0)
  }

  insidePlace(path: Path, inside: Place): Place {
    const { node } = this.#reach(path)
    const start = node?.range?.[0] ?? 0
    const end = node?.range?.[1] ?? 0
    const place = placeOf(this.#lines, start)
    if (!isScalar(node)) return place
    if (node.type === 'BLOCK_LITERAL') {
      const content = this.#text.slice(this.#text.indexOf('\n', start) + 1, end)
      const indent = /^(?:[ \t]*\r?\n)*([ ]*)/.exec(content)?.[1]?.length ?? 0
      return { line: place.line + inside.line, column: inside.column + indent }
    }
    if (node.type === 'BLOCK_FOLDED' || this.#text.slice(start, end).trimEnd().includes('\n')) return place
    const quote = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0
    return { line: place.line, column: place.column + quote + inside.column - 1 }
  }

  oldBooleans(path: Path): (Place & { word: string })[] {
    const { node } = this.#reach(path)
    const found: (Place & { word: string })[] = []
    if (!node) return found
    visit(node, {
      Scalar: (key, scalar) => {
        const word = key !== 'key' && scalar.type === 'PLAIN' ? scalar.source : undefined
        if (word !== undefined && /^(yes|no|on|off)$/i.test(word))
          found.push({ word, ...placeOf(this.#lines, scalar.range?.[0] ?? 0) })
      },
    })
    return found
  }

  /** Walks down `path` as far as it goes: the last node reached, and the key it stands under. */
  #reach(path: Path): { node: Node | null; key: Node | null } {
    let node: Node | null = this.#resolve(this.#document.contents)
    let key: Node | null = null
    for (const step of path) {
      const pair = isMap(node) ? this.#pairOf(node, step) : null
      const next: unknown = pair ? pair.value : isSeq(node) && typeof step === 'number' ? node.items[step] : undefined
      if (!pair && !isNode(next)) break
      if (pair) key = isNode(pair.key) ? pair.key : null
      const reached = this.#resolve(isNode(next) ? next : null)
      if (!reached) return { node: key, key }
      node = reached
    }
    return { node, key }
  }

  /** By an index of the mapping, for it may have tens of thousands of keys. */
  #pairOf(map: YAMLMap, step: PropertyKey): Pair | null {
    let pairs = this.#pairs.get(map)
    if (!pairs) {
      pairs = new Map()
      for (const item of map.items) if (isScalar(item.key)) pairs.set(String(item.key.value), item)
      this.#pairs.set(map, pairs)
    }
    return pairs.get(String(step)) ?? null
  }

  #resolve(node: Node | null): Node | null {
    return isAlias(node) ? (this.#aliases.get(node) ?? null) : node
  }
}
