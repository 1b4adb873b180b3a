/** "21:00", or "Tue 21:00" when that is not today; the seconds only when they matter. */
export function clockTime(at: number, now: number): string {
  const soon = at - now < 120_000
  const time = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(soon ? { second: '2-digit' } : {}),
  }).format(at)
  if (new Date(at).toDateString() === new Date(now).toDateString()) return time
  const day = new Intl.DateTimeFormat(
    'en-GB',
    at - now < 6 * 86_400_000 ? { weekday: 'short' } : { day: 'numeric', month: 'short' },
  ).format(at)
  return `${day} ${time}`
}
