/** The address taken apart, or null when it is none. (`URL.parse` is younger than the oldest runtime.) */
export const parseUrl = (url: string): URL | null => (URL.canParse(url) ? new URL(url) : null)
