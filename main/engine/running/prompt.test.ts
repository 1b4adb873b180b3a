import { describe, expect, it } from 'vitest'
import { aScore } from '../../../test/support/score.ts'
import type { CommonFailure } from '../learning/sheet-forecast.ts'
import { newJob, policyOf } from '../scheduling/new-job.ts'
import type { SheetState } from '../scheduling/state.ts'
import { planScore } from '../score/plan.ts'
import type { Score } from '../score/score.ts'
import { buildPrompt } from './prompt.ts'
import { EMPTY_SHARED, type Shared, sheetVariables } from './variables.ts'

interface Given {
  readonly sheet?: number
  readonly state?: Partial<SheetState>
  readonly raw?: boolean
  readonly shared?: Partial<Shared>
  readonly pastFailures?: readonly CommonFailure[]
}

function prompted(score: Score, { sheet = 1, state = {}, raw = false, shared = {}, pastFailures = [] }: Given = {}) {
  const plan = planScore(score)
  const planned = plan.sheets[sheet - 1]
  const fresh = newJob('job', plan, policyOf(score), 0).sheets[sheet - 1]
  if (!planned || !fresh) throw new RangeError(`no sheet ${sheet}`)
  const given = { score, plan, sheet: planned, instrument: 'rehearsal', shared: { ...EMPTY_SHARED, ...shared } }
  return { ...buildPrompt({ ...given, state: { ...fresh, ...state }, raw, pastFailures }), variables: sheetVariables(given) }
}

const file = (path: string, rest: object = {}) => ({ type: 'file_exists', path, ...rest })

describe('the variables of a sheet', () => {
  it('tell where it is, under both spellings', () => {
    const score = aScore({ sheets: 3, sheet: { total_items: 3, fan_out: { 2: 3 } } })
    expect(prompted(score, { sheet: 3 }).variables).toMatchObject({
      sheet_num: 3,
      total_sheets: 5,
      start_item: 3,
      end_item: 3,
      stage: 2,
      movement: 2,
      instance: 2,
      voice: 2,
      fan_count: 3,
      voice_count: 3,
      total_stages: 3,
      total_movements: 3,
      workspace: '/w',
      instrument_name: 'rehearsal',
      stakes: '',
      thinking_method: '',
      injected_context: [],
      previous_outputs: {},
      previous_files: {},
      skipped_upstream: [],
    })
  })

  it('win over the score’s own of the same name, but for stakes the score does not give', () => {
    const score = aScore({ prompt: { variables: { sheet_num: 99, own: 1, stakes: 'mine' }, thinking_method: 'slowly' } })
    expect(prompted(score).variables).toMatchObject({ sheet_num: 1, own: 1, stakes: 'mine', thinking_method: 'slowly' })
  })

  it('hold what is shared, with sheets as numbers', () => {
    const template =
      '{{ previous_outputs[1] }} {% for p, t in previous_files.items() %}{{ p }}={{ t }}{% endfor %} {{ skipped_upstream }}'
    const shared = { previousOutputs: { 1: 'one' }, previousFiles: { '/w/a': 'A' }, skippedUpstream: [2] }
    expect(prompted(aScore({ prompt: { template } }), { shared }).template).toBe('one /w/a=A [2]')
  })
})

describe('a prompt', () => {
  it('goes in order: place, skills, tools, context, task, stakes, method, requirements', () => {
    const score = aScore({
      name: 'opera',
      sheets: 2,
      prompt: { template: 'Sing {{ sheet_num }}.', stakes: 'Everything.', thinking_method: 'Breathe.' },
      sheet: { descriptions: { 2: 'the\naria' } },
      validations: [
        file('{workspace}/{sheet_num}.md'),
        { type: 'file_modified', path: 'log.md' },
        { type: 'content_contains', path: 'a.md', pattern: 'la' },
        { type: 'content_regex', path: 'a.md', pattern: '^la', description: 'It begins well.' },
        { type: 'command_succeeds', command: 'test -s {workspace}/a.md' },
      ],
    })
    const shared = { skills: ['Bow.'], tools: ['A baton.'], context: ['The hall is full.\n'] }
    expect(prompted(score, { sheet: 2, shared }).prompt).toBe(`You play sheet 2 of 2 of "opera" (the aria).
Workspace: /w
Success: everything that is asked for here is done, and the requirements at the end hold. They are checked.

## Skills

Bow.

## Tools

A baton.

## Context

The hall is full.

Sing 2.

## What is at stake

Everything.

## How to think about it

Breathe.

## Requirements

- The file /w/2.md exists.
- The file log.md was changed.
- The file a.md contains "la".
- It begins well. The file a.md matches the regular expression ^la
- This command succeeds: test -s /w/a.md
`)
  })

  it('tells before the requirements how the sheet failed in earlier runs, where its score wants that', () => {
    const score = aScore({ validations: [file('a.md')] })
    const pastFailures = [
      { code: 'E201', message: 'a.md does\nnot exist', count: 3 },
      { code: null, message: 'It broke', count: 1 },
    ]
    expect(prompted(score, { pastFailures }).prompt).toContain(`Do it.

## Past failures

Earlier attempts at this part failed like this. Make sure that it does not happen again:
- a.md does not exist (3 times)
- It broke

## Requirements`)
    expect(prompted(score).prompt).not.toContain('Past failures')
    expect(prompted(score, { pastFailures, raw: true }).prompt).toBe('Do it.')
  })

  it('does not say twice what the template says itself', () => {
    const { prompt } = prompted(aScore({ prompt: { template: '{{ stakes | upper }} The stakes.', stakes: 'High.' } }))
    expect(prompt).toContain('HIGH. The stakes.')
    expect(prompt).not.toContain('at stake')
    expect(prompted(aScore({ prompt: { template: 'The stakes.', stakes: 'High.' } })).prompt).toContain('## What is at stake')
  })

  it('lists only requirements that apply to the sheet, by stage', () => {
    const score = aScore({
      sheets: 2,
      validations: [
        file('late.md', { stage: 2 }),
        file('first.md', { condition: 'sheet_num == 1' }),
        file('second.md', { sheet: 2 }),
        file('odd.md', { condition: 'nobody knows' }),
      ],
    })
    const requirements = (sheet: number) =>
      [...prompted(score, { sheet }).prompt.matchAll(/The file (\S+) exists/g)].map(([, name]) => name)
    expect(requirements(1)).toEqual(['first.md', 'odd.md', 'late.md'])
    expect(requirements(2)).toEqual(['second.md', 'odd.md', 'late.md'])
  })

  it('says after a failure that the sheet was tried, and why it failed', () => {
    const state = { failures: 2, error: { code: 'E201', message: 'a.md does\n\nnot exist' } }
    const [preamble] = prompted(aScore(), { state }).prompt.split('\n\n')
    expect(preamble).toContain('RETRY: this sheet has failed 2 times before. Last time: a.md does not exist')
    expect(prompted(aScore()).prompt).not.toContain('RETRY')
  })

  it('tells what is left to do, what holds already and what was not checked, in completion mode', () => {
    const score = aScore({
      validations: [
        file('a.md'),
        { type: 'content_contains', path: 'a.md', pattern: 'x' },
        { type: 'command_succeeds', command: 'false', description: 'Tests' },
        file('later.md', { stage: 2 }),
      ],
    })
    const failures = ['a.md does not contain "x"', 'Tests: `false` ended with status 1']
    const state = { mode: 'completion', validation: { passed: 1, total: 4, failures, skipped: 1 } } as const
    const { prompt } = prompted(score, { state })
    const suffix = prompt.slice(prompt.indexOf('## Complete the work'))
    expect(prompt.indexOf('## Requirements')).toBeLessThan(prompt.indexOf('## Complete the work'))
    expect(suffix).toContain('1 of 4 requirements hold:\n- The file a.md exists.\n')
    expect(suffix).toContain('These do not hold yet:\n- a.md does not contain "x"\n- Tests: `false` ended with status 1')
    expect(suffix).toContain('1 more were not checked yet')
  })

  it('claims of no requirement that it holds when the score was changed since', () => {
    const score = aScore({ validations: [file('new.md'), file('b.md')] })
    const state = {
      mode: 'completion',
      validation: { passed: 2, total: 3, failures: ['a.md does not exist'], skipped: 0 },
    } as const
    expect(prompted(score, { state }).prompt).toContain('2 of 3 requirements hold.\n')
  })

  it('is the rendered template alone for an instrument that takes it raw, in completion mode too', () => {
    const score = aScore({
      prompt: { template: 'echo {{ sheet_num }}\n', stakes: 'High.' },
      validations: [file('a.md'), file('b.md')],
    })
    const state = {
      mode: 'completion',
      validation: { passed: 1, total: 2, failures: ['a.md does not exist'], skipped: 0 },
    } as const
    expect(prompted(score, { state, raw: true, shared: { skills: ['Bow.'] } })).toMatchObject({
      prompt: 'echo 1\n',
      template: 'echo 1\n',
    })
  })
})
