import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { findChromium, noChromium, startChromium } from './chromium.ts'
import { watchPage } from './page-checks.ts'
import type { PageState } from './page-states.ts'
import { clinic, frontend } from './running-frontend.ts'

const program = findChromium(process.env)
const startWithinMs = 60_000

/** Without a Chromium there is nothing to test with: the tests are skipped, and the reader is told why. */
export const isSkipped = program === undefined
if (isSkipped) process.stderr.write(`skipped, the page in a browser: ${noChromium}\n`)

let browser: Browser | undefined
beforeAll(async () => {
  if (program !== undefined) browser = await startChromium(program)
}, startWithinMs)
afterAll(() => browser?.close())

async function newPage(options: BrowserContextOptions): Promise<Page> {
  if (browser === undefined) throw new Error(noChromium)
  const context = await browser.newContext(options)
  onTestFinished(() => context.close())
  return await context.newPage()
}

/** The page in this state, loaded; what it should not do is written down in `complaints`. */
export async function openPage({ v1, v2, path, isFreeText }: PageState, options: BrowserContextOptions = {}) {
  const running = await frontend(v1, v2, isFreeText ? {} : { clinic })
  onTestFinished(() => running[Symbol.asyncDispose]())
  const page = await newPage(options)
  const complaints = watchPage(page, running.page.url)
  await page.goto(running.page.url + path)
  return { page, complaints, asked: running.ingress.asked }
}

/** Any page, to show that a check finds what is wrong with it. */
export async function openText(text: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await newPage(options)
  await page.setContent(
    `<!doctype html><html lang="en"><title>x</title><main><h1>x</h1>${text}</main></html>`,
  )
  return page
}

export const narrow = { viewport: { width: 320, height: 640 } }
