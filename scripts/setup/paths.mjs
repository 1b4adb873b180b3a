import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '')

/** Everything fetched or built for the tools lives here; deleting it is always safe. */
const tools = join(root, '.tools')

/** A path in the project folder. */
export const inRoot = (...parts) => join(root, ...parts)

/** A path in `.tools`. */
export const inTools = (...parts) => join(tools, ...parts)
