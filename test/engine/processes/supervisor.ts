import { createLauncher } from '../../../main/engine/processes/launcher.ts'

/** A Fermata that starts one attempt and stays: `node supervisor.ts FOLDER MARKER PROGRAM ARGUMENTS…`. Prints the identity. */
const [folder = '', marker = '', program = '', ...rest] = process.argv.slice(2)
const env = { PATH: process.env.PATH ?? '', FERMATA_ATTEMPT: marker }
const identity = await createLauncher().launch({ folder, argv: [program, ...rest], cwd: folder, env, promptOnStdin: false })
console.log(JSON.stringify(identity))
setInterval(() => {}, 60_000)
