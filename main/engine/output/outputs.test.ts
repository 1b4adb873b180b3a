import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { OutputProtocol } from '../ports.ts'
import { fanOut } from './fan-out.ts'
import { createNdjsonOutput, type OutputRecord } from './ndjson-output.ts'
import { nullOutput } from './null-output.ts'
import { unbreakable } from './text-stream.ts'

/** Says everything an output can be told. */
function everything(output: OutputProtocol): void {
  output.log('warn', 'careful', { file: 'a\nb' })
  output.progress('job-1', 1, 4, 2.5)
  output.sheetEvent('job-1', 2, 'started', { attempt: 1 })
  output.jobEvent('job-1', 'completed')
}

function recorder(): { output: OutputProtocol; told: unknown[][] } {
  const told: unknown[][] = []
  const tell =
    (name: string) =>
    (...args: unknown[]) =>
      void told.push([name, ...args])
  return { told, output: { log: tell('log'), progress: tell('progress'), sheetEvent: tell('sheet'), jobEvent: tell('job') } }
}

describe('NDJSON output', () => {
  it('is one whole JSON object per line', () => {
    const lines: string[] = []
    everything(
      createNdjsonOutput(
        (line) => lines.push(line),
        () => 0,
      ),
    )
    expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true)
    const time = '1970-01-01T00:00:00.000Z'
    const records: readonly OutputRecord[] = lines.map((line) => JSON.parse(line))
    expect(records).toEqual([
      { time, type: 'log', jobId: null, event: 'warn', data: { file: 'a\nb', message: 'careful' } },
      { time, type: 'progress', jobId: 'job-1', event: 'progress', data: { completed: 1, total: 4, eta_seconds: 2.5 } },
      { time, type: 'sheet', jobId: 'job-1', sheet: 2, event: 'started', data: { attempt: 1 } },
      { time, type: 'job', jobId: 'job-1', event: 'completed', data: {} },
    ])
  })
})

describe('the fan-out', () => {
  const broken: OutputProtocol = {
    ...nullOutput,
    jobEvent() {
      throw new Error('no')
    },
  }

  it('tells every output everything, whoever throws', () => {
    const [first, last] = [recorder(), recorder()]
    everything(fanOut([first.output, broken, last.output], () => {}))
    expect(first.told).toEqual([
      ['log', 'warn', 'careful', { file: 'a\nb' }],
      ['progress', 'job-1', 1, 4, 2.5],
      ['sheet', 'job-1', 2, 'started', { attempt: 1 }],
      ['job', 'job-1', 'completed', undefined],
    ])
    expect(last.told).toEqual(first.told)
  })

  it('leaves out the one that failed ten times in a row, and says so once', () => {
    const disabled: unknown[] = []
    const good = recorder()
    const all = fanOut([broken, good.output], (output) => disabled.push(output))
    for (let time = 0; time < 9; time++) all.jobEvent('a', 'started')
    all.log('info', 'a success in between')
    for (let time = 0; time < 9; time++) all.jobEvent('a', 'started')
    expect(disabled).toEqual([])
    for (let time = 0; time < 20; time++) all.jobEvent('a', 'started')
    expect(disabled).toEqual([broken])
    expect(good.told).toHaveLength(39)
  })
})

describe('a stream whose reader went away', () => {
  it('swallows what is written, as often as it is written', async () => {
    const pipe = new PassThrough()
    const text = unbreakable(pipe)
    text.write('heard')
    const gone = new Promise((resolve) => pipe.once('close', resolve))
    pipe.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    await gone
    expect(() => text.write('unheard')).not.toThrow()
    expect(pipe.destroyed).toBe(true)
  })
})
