import { describe, expect, it } from 'vitest'
import { lacksOnlyOptional } from './packages.mjs'

const optional = new Set(['@scope/cli-darwin-arm64', 'binding-win32'])
const refusal = (...faults: string[]) =>
  ['npm error code EUSAGE', 'npm error', 'npm error `npm ci` can only install …', 'npm error']
    .concat(faults.map((fault) => `npm error ${fault}`))
    .join('\n')

describe('a refusal of npm ci', () => {
  it('is got round when the lockfile only lacks binaries for some platform', () => {
    const complaint = refusal('Missing: @scope/cli-darwin-arm64@ from lock file', 'Missing: binding-win32@1.2.3 from lock file')
    expect(lacksOnlyOptional(complaint, optional)).toBe(true)
  })

  it('stands when the lockfile is out of step with package.json', () => {
    const missing = refusal('Missing: binding-win32@ from lock file', 'Missing: zod@4.0.0 from lock file')
    const other = refusal("Invalid: lock file's binding-win32@1.0.0 does not satisfy binding-win32@2.0.0")
    expect(lacksOnlyOptional(missing, optional)).toBe(false)
    expect(lacksOnlyOptional(other, optional)).toBe(false)
  })

  it('stands for any other reason', () => {
    expect(lacksOnlyOptional('npm error code ENOTFOUND', optional)).toBe(false)
  })
})
