import { delimiter, isAbsolute } from 'node:path'
import { inRoot } from './paths.mjs'

/**
 * The environment as it was before npm put its own into it. The jobs Fermata runs inherit ours: with
 * npm's they would find our tools on their PATH and our settings in their own calls of npm.
 */
export function userEnvironment(env = process.env) {
  const { ELECTRON_RUN_AS_NODE: _, ...own } = env
  if (!env.npm_lifecycle_event) return own
  const kept = Object.entries(own).filter(([name]) => !name.startsWith('npm_') && name !== 'INIT_CWD')
  return Object.fromEntries(kept.map(([name, value]) => [name, /^path$/i.test(name) ? withoutNpm(value) : value]))
}

/** The folder the user typed the command in; npm changes to the project's. */
export function userFolder(env = process.env) {
  return env.npm_package_json === inRoot('package.json') && env.INIT_CWD ? env.INIT_CWD : process.cwd()
}

function withoutNpm(path) {
  const added = (folder) => isAbsolute(folder) && /[\\/](node_modules[\\/]\.bin|node-gyp-bin)$/.test(folder)
  return path
    .split(delimiter)
    .filter((folder) => !added(folder))
    .join(delimiter)
}
