import { safeStorage } from 'electron'
import type { Safe } from './secret-store.ts'

/** Where Chromium finds no keychain on Linux it would encrypt with a key that everybody knows. */
const IN_THE_OPEN: ReadonlySet<string> = new Set(['basic_text', 'unknown'])

/** The system's keychain. To be used once the app is ready. */
export const keychain: Safe = {
  async isSafe() {
    if (process.platform === 'linux' && IN_THE_OPEN.has(safeStorage.getSelectedStorageBackend())) return false
    return safeStorage.isAsyncEncryptionAvailable()
  },
  encrypt: (text) => safeStorage.encryptStringAsync(text),
  async decrypt(encrypted) {
    const { result } = await safeStorage.decryptStringAsync(encrypted)
    return result
  },
}
