import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const at = (path: string) => resolve(import.meta.dirname, path)

export default defineConfig({
  main: {
    build: {
      // Electron 33 (Node 20) is the oldest runtime that has to run this.
      target: 'node20',
      outDir: at('out/main'),
      rollupOptions: { input: { index: at('main/index.ts'), cli: at('main/cli/fermata.ts') } },
    },
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      // A sandboxed preload can load neither ES modules nor npm packages: one CommonJS file.
      externalizeDeps: false,
      rollupOptions: { input: { index: at('preload/index.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react(), tailwindcss()],
    build: { outDir: at('out/renderer'), target: 'chrome130', rollupOptions: { input: at('renderer/index.html') } },
  },
})
