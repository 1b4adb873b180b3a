import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../../test/support/place.ts'
import type { Injection } from '../../score/score.ts'
import { readInjections } from './injection.ts'

let place: Place
let scoreDir: string

beforeEach(() => {
  place = makePlace()
  scoreDir = join(place.root, 'scores')
  mkdirSync(scoreDir)
})
afterEach(() => place.remove())

const item = (keys: Partial<Injection>): Injection => ({ file: null, directory: null, as: 'context', ...keys })
const read = (...items: Partial<Injection>[]) => readInjections(items.map(item), place.workspace, scoreDir)

describe('what is put into a prompt', () => {
  it('is read from the workspace, or else from the score’s folder', async () => {
    writeFileSync(place.inWorkspace('both.md'), 'workspace\n')
    writeFileSync(join(scoreDir, 'both.md'), 'score')
    writeFileSync(join(scoreDir, 'skill.md'), 'a skill')
    writeFileSync(join(place.root, 'tool.md'), 'a tool')
    const tool = join(place.root, 'tool.md')
    expect(await read({ file: 'both.md' }, { file: 'skill.md', as: 'skill' }, { file: tool, as: 'tool' })).toEqual({
      context: ['workspace'],
      skills: ['a skill'],
      tools: ['a tool'],
      notes: [],
    })
  })

  it('may be named by a template', async () => {
    writeFileSync(place.inWorkspace('2.md'), 'two')
    const variables = { workspace: place.workspace, sheet_num: 2 }
    const { context } = await readInjections(
      [item({ file: '{{ workspace }}/{{ sheet_num }}.md' })],
      place.workspace,
      scoreDir,
      variables,
    )
    expect(context).toEqual(['two'])
  })

  it('is all of a directory’s own files by name, without hidden ones', async () => {
    mkdirSync(place.inWorkspace('docs/deeper'), { recursive: true })
    for (const name of ['b.md', 'a.md', '.DS_Store', 'deeper/c.md']) writeFileSync(place.inWorkspace(`docs/${name}`), name)
    expect((await read({ directory: 'docs', as: 'skill' })).skills).toEqual(['a.md', 'b.md'])
  })

  it('asks the agent to read what is no text', async () => {
    writeFileSync(place.inWorkspace('image.png'), Buffer.from([0x89, 0x50, 0, 0]))
    expect((await read({ file: 'image.png' })).context).toEqual([
      `Read the file ${place.inWorkspace('image.png')} before you begin.`,
    ])
  })

  it('never fails: what is missing, of the wrong kind or wrongly named is left out with a note', async () => {
    mkdirSync(place.inWorkspace('docs'))
    const result = await read(
      { file: 'gone.md' },
      { file: 'docs', as: 'tool' },
      { directory: 'gone', as: 'skill' },
      { file: '{{ nobody }}' },
    )
    expect(result).toMatchObject({ context: [], skills: [], tools: [] })
    expect(result.notes).toEqual([
      `The context "gone.md" is no file in ${place.workspace} or ${scoreDir}; it is left out of the prompt.`,
      `The tool "docs" is no file in ${place.workspace} or ${scoreDir}; it is left out of the prompt.`,
      `The skill "gone" is no directory in ${place.workspace} or ${scoreDir}; it is left out of the prompt.`,
      expect.stringContaining('"{{ nobody }}" cannot be read'),
    ])
  })
})
