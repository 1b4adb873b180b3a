import { describe, expect, it } from 'vitest'
import { unknownFacts } from './skip-facts.ts'

const unknown = (source: string) => [...unknownFacts(source)].map(({ about, name, column }) => `${column} ${about} ${name}`)

describe('a skip rule', () => {
  it.each([
    'sheets[1].exit_code == 0 and sheets[1].last_pass_percentage > 50',
    'job.status == "running" and job.last_completed_sheet > job.total_sheets / 2 and job.sheets[1].status',
    'any(s.status == "failed" for s in sheets.values() if s.attempt_count > 1)',
    'any(n > 1 and s["status"] for n, s in sheets.items())',
    'sheets.get(1, {}).get("status") == sheets[1]["error_code"].lower()',
    'all(job.nothing for job in [1])',
    'len(sheets) > 2 and {1: "a"}[1].upper()',
  ])('asks only for what there is in %s', (source) => {
    expect(unknown(source)).toEqual([])
  })
  it.each([
    ['sheets[1].exit_kode == 0', ['11 sheet exit_kode']],
    ['not sheets.get(2).outcome_category', ['19 sheet outcome_category']],
    ['sheets[1]["nothing"] if job.pid else job.sheets[2].mood', ['11 sheet nothing', '29 job pid', '52 sheet mood']],
    ['any(s.mood for s in sheets.values())', ['7 sheet mood']],
    ['any(s.mood for n, s in job.sheets.items() if s.tone)', ['7 sheet mood', '48 sheet tone']],
    ['[sheets.first, -sheets[1].a, (job.b, 2), "x" in sheets[1].c]', ['9 sheets first', '27 sheet a', '35 job b', '59 sheet c']],
    ['max(1, int(sheets[job.c].status))', ['23 job c']],
  ])('is told what it asks for in vain: %s', (source, expected) => {
    expect(unknown(source)).toEqual(expected)
  })
  it('that cannot be read asks for nothing', () => {
    expect(unknown('sheets[1].mood ==')).toEqual([])
    expect(unknown(`${'('.repeat(50_000)}1`)).toEqual([])
  })
})
