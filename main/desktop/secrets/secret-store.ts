import { copyFileSync, readFileSync, rmSync } from 'node:fs'
import { z } from 'zod'
import { FermataError, replaceFile, type Secrets } from '../../engine/index.ts'

/** Encrypts with a key that the system's keychain holds. */
export interface Safe {
  /** Where it is false the key would lie about in the open: nothing is kept then. */
  isSafe(): Promise<boolean>
  encrypt(text: string): Promise<Buffer>
  /** Rejects when the key is another one, or not to be had. */
  decrypt(encrypted: Buffer): Promise<string>
}

/** What the user's notification channels name as `secret:NAME`, encrypted in a file and, while Fermata runs, in memory. */
export interface SecretStore extends Secrets {
  /** By name; also of those that cannot be read just now. */
  names(): readonly string[]
  isSafe(): Promise<boolean>
  /** @throws FermataError SECRETS_UNSAFE, SECRETS_UNWRITABLE */
  set(name: string, value: string): Promise<void>
  /** @throws FermataError SECRETS_UNWRITABLE */
  remove(name: string): Promise<void>
}

/** Encrypted, in base64, by name. */
const content = z.record(z.string(), z.base64())

/**
 * Opens `file` (absolute path), which need not exist. The keychain may ask its user, so that what is kept is there a moment
 * later; what cannot be read is told and stays in the file.
 */
export function openSecrets(file: string, safe: Safe, onProblem: (message: string, error?: unknown) => void): SecretStore {
  let encrypted = readSecrets(file, onProblem)
  const known = new Map<string, string>()
  let values: readonly string[] = []
  let work = decryptAll()

  async function decryptAll(): Promise<void> {
    for (const [name, text] of Object.entries(encrypted)) {
      try {
        known.set(name, await safe.decrypt(Buffer.from(text, 'base64')))
      } catch (error) {
        onProblem(
          `The secret "${name}" cannot be read from the keychain. Unlock it and start Fermata again, or enter it anew.`,
          error,
        )
      }
    }
    values = [...known.values()]
  }

  /** One after the other, so that none overwrites another's change. */
  function change(apply: () => Promise<Readonly<Record<string, string>>>, then: () => void): Promise<void> {
    const done = work.then(async () => {
      const next = await apply()
      write(file, next)
      encrypted = next
      then()
      values = [...known.values()]
    })
    work = done.catch(() => {})
    return done
  }

  return {
    get: (name) => known.get(name) ?? null,
    values: () => values,
    names: () => Object.keys(encrypted).sort(),
    isSafe: safe.isSafe,
    set: (name, value) =>
      change(
        async () => {
          if (!(await safe.isSafe())) throw unsafe()
          return { ...encrypted, [name]: (await safe.encrypt(value)).toString('base64') }
        },
        () => known.set(name, value),
      ),
    remove: (name) =>
      change(
        async () => Object.fromEntries(Object.entries(encrypted).filter(([kept]) => kept !== name)),
        () => known.delete(name),
      ),
  }
}

function readSecrets(file: string, onProblem: (message: string, error?: unknown) => void): Readonly<Record<string, string>> {
  try {
    return content.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    onProblem(
      `The secrets in ${file} cannot be read. Enter them anew in the settings; the file is kept as ${file}.faulty.`,
      error,
    )
    copyFileSync(file, `${file}.faulty`)
    return {}
  }
}

function write(file: string, secrets: Readonly<Record<string, string>>): void {
  try {
    if (Object.keys(secrets).length === 0) rmSync(file, { force: true })
    else replaceFile(file, `${JSON.stringify(secrets, null, 2)}\n`)
  } catch (cause) {
    throw new FermataError('SECRETS_UNWRITABLE', `The secret cannot be saved in ${file}.`, {
      remedy: 'Check that its disk is not full and that the folder belongs to you.',
      cause,
    })
  }
}

const unsafe = () =>
  new FermataError('SECRETS_UNSAFE', 'This system has no keychain that Fermata can use, so the secret was not kept.', {
    remedy: 'Unlock or install one (GNOME Keyring, KWallet), or put the secret into an environment variable and write ${NAME}.',
  })
