import { defineConfig } from '@playwright/test'
import desktop from '../../playwright.config.ts'

export default defineConfig({ ...desktop, testDir: '.', outputDir: '../../test-results/screenshot' })
