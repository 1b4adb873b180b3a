/** Options that are followed by a value. */
const valued = new Set(['--data-dir', '--workspace'])
/** Options that make it a matter of the terminal, display or not. */
const forTerminal = ['--headless', '--json', '--dry-run', '--help', '--version']

export const usage = `usage: npm start [-- [SCORE.yaml] [--data-dir DIR] [--json] [--headless]]
  With a display it opens the app; without one, or with --headless or --json, it runs SCORE.yaml in the terminal.
  For clean output on stdout: npm start --silent -- SCORE.yaml --json`

/**
 * What `npm start` does with these arguments on this computer: open the `window`, run in the `terminal`,
 * or tell the `usage`, since in a terminal a score is needed.
 */
export function planStart(args, env, platform) {
  const display = platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
  const asked = new Set(args)
  if (display && !forTerminal.some((option) => asked.has(option))) return 'window'
  const score = args.find((value, index) => !value.startsWith('-') && !valued.has(args[index - 1]))
  return score || asked.has('--help') || asked.has('--version') ? 'terminal' : 'usage'
}
