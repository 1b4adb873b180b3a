import { describe, expect, it } from 'vitest'
import type { JobService } from '../../engine/index.ts'
import { createLogSearch } from './log-search.ts'

const place = { jobId: 'a', sheet: 1, attempt: 0, stream: 'stdout', from: 1 } as const
const query = { text: 'x', regex: false, caseSensitive: false }

describe('searching a log', () => {
  it('ends the search before, in words, and bounds what is found at once', async () => {
    const asked: Parameters<JobService['searchLog']>[4][] = []
    const search = createLogSearch({
      searchLog(_job, _sheet, _attempt, _stream, given) {
        asked.push(given)
        return new Promise((resolve, reject) => {
          given.signal?.addEventListener('abort', () => reject(given.signal?.reason))
          if (given.text === 'y') resolve({ hits: [], next: null, scannedBytes: 0 })
        })
      },
    })
    const first = search({ ...place, ...query })
    const second = search({ ...place, ...query, text: 'y' })
    await expect(first).rejects.toMatchObject({ code: 'SEARCH_OVERTAKEN' })
    await expect(second).resolves.toMatchObject({ hits: [] })
    expect(asked[0]).toMatchObject({ ...query, from: 1, limit: 500 })
  })
})
