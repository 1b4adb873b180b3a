import { describe, expect, it } from 'vitest'
import { bash, claude } from '../../../test/support/claude-output.ts'
import { settingsWithoutEffect, timeoutOf } from './config.ts'

describe('what a score tells an instrument', () => {
  it('stands above the profile’s own time', () => {
    expect(timeoutOf(bash, {})).toBe(300)
    expect(timeoutOf(bash, { timeout_seconds: 7.5 })).toBe(7.5)
  })

  it('is named where the instrument can do nothing with it', () => {
    const config = { model: 'm', timeout_seconds: 5, temperature: 0.7, allowed_tools: [], system_prompt: 'x', mcp_config: null }
    expect(settingsWithoutEffect(claude, config)).toEqual(['temperature', 'allowed_tools'])
    expect(settingsWithoutEffect(bash, config)).toEqual(['model', 'temperature', 'allowed_tools', 'system_prompt'])
  })
})
