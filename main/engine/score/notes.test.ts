import { describe, expect, it } from 'vitest'
import { allNotedKeys } from './language.ts'
import { NOTES } from './notes.ts'
import { parseScore } from './parse.ts'

const good = { name: 'a', sheet: { size: 1, total_items: 1 }, prompt: { template: 'x' } }

/** A document that has the key of this name, next to what a score needs; `*` stands for the first of a list or a mapping. */
function withKey(name: string, value: unknown): object {
  const base: Record<string, object> = { 'on_success.*': { type: 'run_job', job_path: 'b.yaml' } }
  const steps = name.split('.')
  const build = (index: number): unknown => {
    const step = steps[index]
    if (step === undefined) return value
    const inner = build(index + 1)
    if (step !== '*') return { [step]: inner }
    const path = steps.slice(0, index + 1).join('.')
    return path in base ? [{ ...base[path], ...(inner as object) }] : { 1: inner }
  }
  const { sheet, prompt, ...rest } = build(0) as { sheet?: object; prompt?: object }
  return { ...good, ...rest, sheet: { ...good.sheet, ...sheet }, prompt: { ...good.prompt, ...prompt } }
}

const notes = (document: object) => {
  const { draft, diagnostics } = parseScore(JSON.stringify(document), { file: '/a.yaml', directory: '/', home: '/h' })
  expect(draft).not.toBeNull()
  return diagnostics.filter(({ code }) => code === 'NOT_SUPPORTED' || code === 'VOICES')
}

describe('a key without effect', () => {
  it('has its reason, each of them', () => {
    expect(Object.keys(NOTES).sort()).toEqual([...allNotedKeys()].sort())
  })
  it.each(allNotedKeys())('%s is accepted with a note that names it', (name) => {
    const [note, ...others] = notes(withKey(name, false))
    expect(others).toEqual([])
    expect(note).toMatchObject({ code: 'NOT_SUPPORTED', severity: 'info' })
    expect(note?.message).toMatch(/^`[^`]+` has no effect: .+\.$/)
    expect(note?.message).toContain(name.split('.').at(-1)?.replace('*', '1'))
    expect(note?.remedy).toMatch(/\.$/)
  })
  it('is told once, where it stands first', () => {
    const hook = { type: 'run_job', job_path: 'b', detached: true }
    expect(notes({ ...good, on_success: [{ ...hook, detached: null }, hook, hook] }).map(({ message }) => message)).toEqual([
      '`on_success[1].detached` has no effect: a job started by a hook is always one of its own.',
    ])
  })
  it('is not told where it says what Fermata does anyway', () => {
    expect(notes(withKey('circuit_breaker.cross_workspace_coordination', true))).toEqual([])
    expect(notes(withKey('circuit_breaker.cross_workspace_coordination', 'yes'))).toEqual([])
  })
  it.each([
    ['the split of budgets', { parallel: { budget_partition: true } }, '`parallel.budget_partition` has no effect'],
    ['the split of budgets in the words of older YAML', { parallel: { budget_partition: 'on' } }, '`parallel.budget_partition`'],
    ['mail', { notifications: [{ type: 'desktop' }, { type: 'email' }] }, '`notifications[1].type: email` has no effect'],
    ['voices, which do have one', { movements: { 1: { voices: 2 } } }, '`movements.1.voices` makes copies'],
  ])('includes %s', (_, keys, message) => {
    expect(notes({ ...good, ...keys })).toMatchObject([{ severity: 'info', message: expect.stringContaining(message) }])
  })
})
