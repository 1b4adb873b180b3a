import { describe, expect, it } from 'vitest'
import { parseScore } from '../parse.ts'

/** What is said of versions in a score of this name, as `line:column severity message → remedy`. */
function said(file: string, ...lines: readonly string[]): string[] {
  const text = ['sheet: { size: 1, total_items: 1 }', 'prompt: { template: As in songs-v2 but better }', ...lines].join('\n')
  return parseScore(text, { file: `/scores/${file}`, directory: '/scores', home: '/home/ada' })
    .diagnostics.filter(({ code }) => code === 'V009')
    .map(({ line, column, severity, message, remedy }) => `${line}:${column} ${severity} ${message} → ${remedy}`)
}

const copied = ['name: songs-v2', 'workspace: ./v2/songs', 'on_success: [{ type: run_job, job_path: songs_v2.yaml }]']

describe('a score that is a new version of another', () => {
  it('is refused under the name or in the workspace of the version before; other paths of it are told', () => {
    expect(said('songs-v3.yaml', ...copied)).toEqual([
      '3:7 error `name` is of version 2, but this file is version 3. → Write `songs-v3`.',
      '4:12 error `workspace` is of version 2, but this file is version 3. → Write `./v3/songs`.',
      '5:41 warning `on_success[0].job_path` is of version 2, but this file is version 3. → Write `songs_v3.yaml`, unless the version before is meant.',
    ])
  })

  it.each([
    ['a file without a version', 'songs.yaml', copied],
    ['the first version', 'songs-v1.yml', ['name: songs-v0']],
    ['its own version', 'songs-v2.yaml', copied],
    ['a longer number or word', 'songs-v3.yaml', ['name: songs-v20', 'workspace: ./rev2/songs']],
  ])('has nothing wrong with %s', (_, file, lines) => {
    expect(said(file, ...lines)).toEqual([])
  })
})
