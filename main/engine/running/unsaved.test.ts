import { describe, expect, it } from 'vitest'
import { StorageError } from '../errors.ts'
import { whyUnsaved } from './unsaved.ts'

describe('why something cannot be saved', () => {
  it('is a full disk only where it may be one', () => {
    expect(whyUnsaved(new StorageError('DISK_FULL', 'The disk is full.'))).toBe('is the disk full?')
    expect(whyUnsaved(new Error('ENOSPC'))).toBe('is the disk full?')
    expect(whyUnsaved(new StorageError('DATA_DIR_GONE', 'The file /x is no longer where it was.'))).toBe(
      'The file /x is no longer where it was',
    )
  })
})
