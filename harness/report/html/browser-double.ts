import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { programOnPath } from '../../core/program-on-path.ts'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'

/** A page opened as its reader opens it: from a file, in a real browser without a network. */

const names = ['chromium', 'chromium-browser', 'google-chrome']
const variable = 'CHROMIUM_PROGRAM'

const program = process.env[variable] || programOnPath(names, process.env)

/** Without a Chromium there is nothing to test with: the tests are skipped, and the reader is told why. */
export const isSkipped = program === undefined
if (isSkipped)
  process.stderr.write(
    `skipped, the report in a browser: no ${names.join(', ')} on PATH: install one, or name it in ${variable}\n`,
  )

let browser: Browser | undefined
beforeAll(async () => {
  // A container's root may not open the sandbox; everybody else keeps it.
  if (program !== undefined)
    browser = await chromium.launch({ executablePath: program, chromiumSandbox: process.getuid?.() !== 0 })
}, 60_000)
afterAll(() => browser?.close())

export const phone = { viewport: { width: 390, height: 844 } }
export const desk = { viewport: { width: 1280, height: 900 } }

/** The page, loaded; what it should not do is written down in `complaints`: messages, errors, and requests but for itself. */
export async function openReport(
  text: string,
  options: BrowserContextOptions = desk,
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const folder = temporaryFolder({ 'report.html': text })
  const context = await browser?.newContext({ offline: true, reducedMotion: 'reduce', ...options })
  if (context === undefined) throw new Error('expected a browser')
  onTestFinished(async () => {
    await context.close()
    folder[Symbol.dispose]()
  })
  const page = await context.newPage()
  const own = pathToFileURL(join(folder.path, 'report.html')).href
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`))
  page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`))
  page.on('request', (request) => {
    if (request.url() !== own) complaints.push(`request: ${request.url()}`)
  })
  await page.goto(own)
  return { page, complaints }
}

/**
 * What axe-core finds, contrast that it cannot judge included, but for signs and text in drawings: those have the named
 * colours of the style on its named papers, which its own test holds against each other.
 */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return await page.evaluate<string[]>(`(() => {
    const unjudged = ['nonBmp', 'elmPartiallyObscured']
    const isDrawn = ([selector]) => document.querySelector(selector)?.closest('svg') != null
    return axe.run().then(({ violations, incomplete }) =>
    [...violations, ...incomplete.filter(({ id }) => id === 'color-contrast').map((found) => ({
      ...found,
      nodes: found.nodes.filter(({ any, target }) => !isDrawn(target) && !any.every(({ data }) => unjudged.includes(data?.messageKey))),
    })).filter(({ nodes }) => nodes.length > 0)].map(({ id, help, nodes }) =>
      id + ': ' + help + ': ' + nodes.slice(0, 5).map(({ html, failureSummary }) => html.slice(0, 300) + ' ' + failureSummary).join(' | ')))
  })()`)
}

/** How many pixels of the page a reader would have to scroll sideways for. */
export const sidewaysOverflow = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')

export interface FocusStop {
  readonly name: string
  readonly hasRing: boolean
  /** Above or below the stop before it: the order in which a reader reads. */
  readonly isInOrder: boolean
}

/** Where Tab leads, until it leaves the page. */
export async function focusStops(page: Page): Promise<FocusStop[]> {
  const stops: FocusStop[] = []
  for (;;) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate<FocusStop | null>(`(() => {
      const focused = document.activeElement
      if (focused === null || focused === document.body || focused === globalThis.before) return null
      const isInOrder = globalThis.before === undefined || (globalThis.before.compareDocumentPosition(focused) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
      globalThis.before = focused
      const { outlineStyle, outlineWidth } = getComputedStyle(focused)
      const name = focused.getAttribute('aria-label') ?? (focused.textContent ?? '').trim().replace(/\\s+/g, ' ')
      return { name, hasRing: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2, isInOrder }
    })()`)
    if (stop === null || stops.length > 500) return stops
    stops.push(stop)
  }
}
