/**
 * Compiles the pattern of a `content_regex` check: a multiline search, as Marianne makes it. Scores are written for Python's
 * `re`, so its spellings are understood: flags such as `(?i)` in front, `(?P<name>…)`, `(?P=name)`, `\A` and `\Z`.
 * @throws SyntaxError when the pattern does not compile
 */
export function compilePattern(pattern: string): RegExp {
  const inline = /^\(\?([aimsu]+)\)/.exec(pattern)
  const flags = new Set(['m', ...(inline?.[1] ?? '')].filter((flag) => 'ims'.includes(flag)))
  const source = pattern
    .slice(inline?.[0].length ?? 0)
    .replace(/\\[\s\S]|\(\?P([<=])(\w*)\)?/g, (part, kind?: string, name?: string) => {
      if (part === '\\A') return '(?<![\\s\\S])'
      if (part === '\\Z') return '(?![\\s\\S])'
      if (kind === '<') return `(?<${name}`
      return kind === '=' ? `\\k<${name}>` : part
    })
  return new RegExp(source, [...flags].join(''))
}
