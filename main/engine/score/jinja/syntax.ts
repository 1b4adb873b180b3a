import { parse } from '@huggingface/jinja'
import { closest } from '../suggest.ts'
import { Failure } from './failure.ts'
import { FILTERS } from './filters.ts'
import { type Token, tokenize } from './lexer.ts'
import { children, type Filter, type Identifier, type Node, type Program } from './nodes.ts'
import { TESTS } from './tests.ts'

/** A template ready to be rendered. */
export interface Syntax {
  readonly program: Program
  /** Where a name, filter or keyword stands: index in the source. */
  readonly offsets: ReadonlyMap<Node, number>
}

/** Block statements and what ends each. */
const BLOCKS: Readonly<Record<string, string>> = {
  if: 'endif',
  for: 'endfor',
  macro: 'endmacro',
  call: 'endcall',
  filter: 'endfilter',
  set: 'endset',
}
const TAGS = [...Object.keys(BLOCKS), ...Object.values(BLOCKS), 'elif', 'else', 'raw']

/** @throws Failure with an offset when the template is not valid. */
export function readSyntax(source: string): Syntax {
  const tokens = tokenize(source)
  checkBlocks(tokens)
  const lowered = lower(tokens)
  const program = parseTokens(lowered, source)
  const offsets = locate(program, lowered)
  return { program, offsets }
}

/** The library reports neither the place nor, at the end of the source, a reason: both come from the token it read last. */
function parseTokens(tokens: readonly Token[], source: string): Program {
  let last = 0
  const watched = new Proxy([...tokens], {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) last = Number(key)
      return Reflect.get(target, key, receiver)
    },
  })
  try {
    return parse(watched) as unknown as Program
  } catch (error) {
    if (error instanceof RangeError) throw new Failure('the template is nested too deeply', { offset: 0 })
    const token = tokens[last]
    if (!token) throw new Failure('the template ends too early', { offset: source.length })
    throw new Failure(`\`${token.value.replace(/^is (not )?/, '')}\` does not fit here`, { offset: token.offset })
  }
}

/** Every block is closed by its own end: said here, because the parser can only say that something is wrong at the end. */
function checkBlocks(tokens: readonly Token[]): void {
  const open: { name: string; offset: number }[] = []
  for (const [index, token] of tokens.entries()) {
    const tag = tokens[index + 1]
    if (token.type !== 'OpenStatement' || tag?.type !== 'Identifier') continue
    const name = tag.value
    const offset = tag.offset
    if (!TAGS.includes(name)) throw new Failure(unknownTag(name), { offset })
    const inner = open.at(-1)
    if (Object.hasOwn(BLOCKS, name)) {
      if (name !== 'set' || !isInlineSet(tokens, index)) open.push({ name, offset })
    } else if (name === 'else' || name === 'elif') {
      if (inner?.name !== 'if' && !(name === 'else' && inner?.name === 'for'))
        throw new Failure(`\`${name}\` belongs to no \`if\``, { offset })
    } else if (!inner) throw new Failure(`\`${name}\` closes nothing`, { offset })
    else if (BLOCKS[inner.name] !== name)
      throw new Failure(`\`${name}\` stands where \`${BLOCKS[inner.name]}\` is expected`, { offset })
    else open.pop()
  }
  const left = open.at(-1)
  if (left) throw new Failure(`\`${left.name}\` is never closed by \`${BLOCKS[left.name]}\``, { offset: left.offset })
}

function unknownTag(name: string): string {
  const known = closest(name, TAGS)
  return `\`${name}\` is not a statement templates can use${known ? `; did you mean \`${known}\`?` : ''}`
}

function isInlineSet(tokens: readonly Token[], start: number): boolean {
  for (const token of tokens.slice(start)) {
    if (token.type === 'CloseStatement') return false
    if (token.type === 'Equals' && token.depth === 0) return true
  }
  return false
}

/**
 * Turns what the parser does not know into what it knows: a test with or without arguments (`x is divisibleby 3`) becomes a
 * filter named `is …`, which binds just as tightly, and `not in` becomes one operator that keeps its place.
 */
function lower(tokens: readonly Token[]): Token[] {
  const lowered: Token[] = []
  const closeAt = new Map<number, number>()
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]
    if (!token) break
    for (let count = closeAt.get(index) ?? 0; count > 0; count -= 1) lowered.push({ ...token, value: ')', type: 'CloseParen' })
    const word = (at: number) => (tokens[at]?.type === 'Identifier' ? tokens[at].value : null)
    const isWord = token.type === 'Identifier' && tokens[index - 1]?.type !== 'Dot'
    if (isWord && token.value === 'is') {
      const negated = word(index + 1) === 'not'
      const name = tokens[index + (negated ? 2 : 1)]
      if (name?.type !== 'Identifier') throw new Failure('`is` needs the name of a test', { offset: token.offset })
      lowered.push({ ...token, value: '|', type: 'Pipe' })
      lowered.push({ ...name, value: `is ${negated ? 'not ' : ''}${name.value}`, type: 'Identifier' })
      index += negated ? 2 : 1
      const end = bareArgumentEnd(tokens, index + 1)
      if (end > index + 1) {
        lowered.push({ ...name, value: '(', type: 'OpenParen' })
        closeAt.set(end, (closeAt.get(end) ?? 0) + 1)
      }
    } else if (isWord && token.value === 'not' && word(index + 1) === 'in') {
      lowered.push({ ...token, value: 'not in', type: 'ComparisonBinaryOperator' })
      index += 1
    } else lowered.push(token)
  }
  return lowered
}

const NO_ARGUMENT = new Set(['and', 'or', 'else', 'if', 'in', 'is', 'not'])

/** Index after the argument of a test written without brackets; `start` when there is none. */
function bareArgumentEnd(tokens: readonly Token[], start: number): number {
  const first = tokens[start]
  if (!first) return start
  const opens = first.type === 'OpenSquareBracket' || first.type === 'OpenCurlyBracket'
  const plain = first.type === 'StringLiteral' || first.type === 'NumericLiteral'
  if (!opens && !plain && !(first.type === 'Identifier' && !NO_ARGUMENT.has(first.value))) return start
  let end = opens ? closing(tokens, start) + 1 : start + 1
  for (;;) {
    const type = tokens[end]?.type
    if (type === 'Dot') end += 2
    else if (type === 'OpenSquareBracket' || type === 'OpenParen') end = closing(tokens, end) + 1
    else return Math.min(end, tokens.length)
  }
}

function closing(tokens: readonly Token[], open: number): number {
  const depth = tokens[open]?.depth ?? 0
  const index = tokens.findIndex(
    (token, at) => at > open && token.depth === depth + 1 && /^Close[PSC].*(Paren|Bracket)$/.test(token.type),
  )
  return index < 0 ? tokens.length - 1 : index
}

/**
 * Finds the place of every name again. The tree keeps none, but its names come in the order of the tokens they were made of.
 * Checks on the way that every filter and test exists, as Jinja2 does before it renders.
 */
function locate(program: Program, tokens: readonly Token[]): Map<Node, number> {
  const offsets = new Map<Node, number>()
  let cursor = 0
  const visit = (node: Node | undefined): void => {
    if (!node) return
    if (node.type === 'Identifier') {
      let at = cursor
      while (at < tokens.length && !(tokens[at]?.type === 'Identifier' && tokens[at]?.value === node.value)) at += 1
      const token = tokens[at]
      if (token) {
        offsets.set(node, token.offset)
        cursor = at + 1
      }
      return
    }
    for (const child of children(node)) visit(child)
    if (node.type === 'FilterExpression' || node.type === 'FilterStatement') checkFilter(node.filter, offsets)
  }
  visit(program)
  return offsets
}

function checkFilter(filter: Filter['filter'], offsets: ReadonlyMap<Node, number>): void {
  const name: Node = filter.type === 'CallExpression' ? filter.callee : filter
  if (name.type !== 'Identifier') throw new Failure('a filter is a name', { offset: offsets.get(name) ?? null })
  const test = testName(name)
  const known = test === null ? FILTERS : TESTS
  const wanted = test?.name ?? name.value
  if (known.has(wanted)) return
  const near = closest(wanted, [...known.keys()])
  const hint = near ? `; did you mean \`${near}\`?` : ''
  throw new Failure(`there is no ${test ? 'test' : 'filter'} \`${wanted}\`${hint}`, { offset: offsets.get(name) ?? null })
}

/** The test a lowered filter name stands for, or null for a real filter. */
export function testName(identifier: Identifier): { name: string; negated: boolean } | null {
  const match = /^is (not )?(.+)$/.exec(identifier.value)
  return match?.[2] === undefined ? null : { name: match[2], negated: match[1] !== undefined }
}
