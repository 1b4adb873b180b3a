import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findProgram } from './find-program.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fermata-path-'))
  for (const name of ['a', 'b', 'work']) await mkdir(join(folder, name))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function program(path: string, mode: number): Promise<string> {
  await writeFile(join(folder, path), '#!/bin/sh\n')
  await chmod(join(folder, path), mode)
  return join(folder, path)
}

describe('looking up a program', () => {
  it('takes the first executable file on the PATH and passes over what is none', async () => {
    await program('a/agent', 0o644)
    await mkdir(join(folder, 'work/agent'))
    const wanted = await program('b/agent', 0o755)
    expect(await findProgram('agent', `${folder}/work:${folder}/a:${folder}/b`, folder)).toBe(wanted)
  })

  it('takes names with a slash and empty PATH entries relative to the working folder', async () => {
    const wanted = await program('work/agent', 0o755)
    expect(await findProgram('./agent', '', join(folder, 'work'))).toBe(wanted)
    expect(await findProgram('agent', `${folder}/a::${folder}/b`, join(folder, 'work'))).toBe(wanted)
  })

  it('says what is missing and what to do', async () => {
    await expect(findProgram('agent', `${folder}/a`, folder)).rejects.toMatchObject({
      code: 'INSTRUMENT_NOT_FOUND',
      message: 'The program "agent" is not installed, or not on the PATH.',
      remedy: expect.stringContaining(`${folder}/a`),
    })
    await expect(findProgram('./agent', '', folder)).rejects.toMatchObject({ code: 'INSTRUMENT_NOT_FOUND' })
    await expect(findProgram('', folder, folder)).rejects.toMatchObject({ code: 'INSTRUMENT_NOT_FOUND' })
  })

  it('tells a program that may not be executed from a missing one', async () => {
    const blocked = await program('a/agent', 0o644)
    await expect(findProgram('agent', `${folder}/a`, folder)).rejects.toMatchObject({
      code: 'INSTRUMENT_NOT_EXECUTABLE',
      remedy: `Make it executable: chmod +x '${blocked}'`,
    })
  })

  it('searches the usual places when there is no PATH', async () => {
    expect(await findProgram('sh', undefined, folder)).toMatch(/^\/(usr\/)?bin\/sh$/)
  })
})
