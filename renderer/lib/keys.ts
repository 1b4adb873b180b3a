/** A key with the platform's command modifier, as its people write it. */
export function modKeys(platform: string, key: string): string {
  return platform === 'darwin' ? `⌘${key}` : `Ctrl ${key}`
}
