// Draws the PNGs in assets/icons and assets/tray from the SVGs in assets/icons/src. Only needed after changing one of
// them: the PNGs are kept in the repository. Needs rsvg-convert (Debian: librsvg2-bin, Homebrew: librsvg).
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const assets = (path) => fileURLToPath(new URL(`../assets/${path}`, import.meta.url))

function draw(source, size, target, colour = '#000') {
  const svg = readFileSync(assets(`icons/src/${source}.svg`), 'utf8').replaceAll('#000', colour)
  const png = execFileSync('rsvg-convert', ['--width', String(size), '--height', String(size)], { input: svg })
  writeFileSync(assets(target), png)
}

for (const state of ['idle', 'running', 'paused', 'attention']) {
  // macOS paints template images itself and wants both densities.
  draw(`tray-${state}`, 16, `tray/${state}Template.png`)
  draw(`tray-${state}`, 32, `tray/${state}Template@2x.png`)
  // Linux panels are 22 or 24 high and Windows' 16 to 32; each scales from the larger picture.
  draw(`tray-${state}`, 44, `tray/${state}-black.png`)
  draw(`tray-${state}`, 44, `tray/${state}-white.png`, '#fff')
}
draw('fermata', 512, 'icons/fermata.png')
