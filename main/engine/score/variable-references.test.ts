import { describe, expect, it } from 'vitest'
import { resolveReferences } from './variable-references.ts'

const resolve = (variables: Record<string, unknown>) => resolveReferences(variables, { ...variables, workspace: '/w' })

describe('a variable that names others', () => {
  it('is filled in, after those it refers to', () => {
    expect(resolve({ a: 'in {{ workspace }}', b: 'x {{ a }}', c: '{{ b | upper }}', plain: 'p', list: ['{{ a }}'] })).toEqual({
      a: 'in /w',
      b: 'x in /w',
      c: 'X IN /W',
    })
  })

  it('stays as it stands when it names nothing there is, is no template, or goes round in a circle', () => {
    expect(resolve({ a: '{{ nobody }}', b: '{% if %}' })).toEqual({ a: '{{ nobody }}', b: '{% if %}' })
    expect(resolve({ a: 'a{{ b }}', b: 'b{{ a }}' }).a).toContain('b')
  })

  it('is rendered once: what it holds raw is not a template any more', () => {
    expect(resolve({ a: '{% raw %}{{ x }}{% endraw %}' })).toEqual({ a: '{{ x }}' })
  })
})
