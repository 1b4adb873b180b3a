import { describe, expect, it } from 'vitest'
import { attemptRecord } from '../../../test/support/attempt-record.ts'
import { attemptEnvironment } from './environment.ts'

const attempt = attemptRecord({ jobId: 'hello-1a2b', sheet: 3, number: 2, marker: 'hello-1a2b.3.2.cafe' })

describe('the environment of an attempt', () => {
  it('is the user’s own, and says what the attempt is', () => {
    expect(attemptEnvironment({ PATH: '/bin', ANTHROPIC_API_KEY: 'k' }, attempt, '/w')).toEqual({
      PATH: '/bin',
      ANTHROPIC_API_KEY: 'k',
      PYTHONUNBUFFERED: '1',
      FERMATA_ATTEMPT: 'hello-1a2b.3.2.cafe',
      FERMATA_ATTEMPT_NUMBER: '2',
      FERMATA_JOB: 'hello-1a2b',
      FERMATA_SHEET: '3',
      FERMATA_WORKSPACE: '/w',
    })
  })

  it('leaves out what our own start put in', () => {
    const own = {
      npm_config_registry: 'x',
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: '--x',
      INIT_CWD: '/',
      FERMATA_ELECTRON: '/e',
      FERMATA_JOB: 'outer',
    }
    const environment = attemptEnvironment(own, attempt, '/w')
    expect(Object.keys(environment).filter((name) => name in own)).toEqual(['FERMATA_JOB'])
    expect(environment.FERMATA_JOB).toBe('hello-1a2b')
  })
})
