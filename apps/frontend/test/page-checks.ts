import axe from 'axe-core'
import type { Page } from 'playwright-core'
import type { BrowserNames } from './browser-names.ts'

/** Judgements of a page in the browser. Each hands back what is wrong, as sentences; none is good. */

/** What stands out of the page to the right, so that a reader would have to scroll sideways. */
export async function sidewaysOverflow(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const { document } = globalThis as unknown as BrowserNames
    const { scrollWidth, clientWidth } = document.documentElement
    const wide = [...document.querySelectorAll('body *')].filter((element) => {
      const { right, width, height } = element.getBoundingClientRect()
      return width > 1 && height > 1 && right > clientWidth + 0.5
    })
    const names = wide.map((element) => {
      const { right } = element.getBoundingClientRect()
      return `${element.tagName.toLowerCase()} ends at ${Math.round(right)} of ${clientWidth} px`
    })
    return scrollWidth > clientWidth
      ? [`the page is ${scrollWidth} of ${clientWidth} px wide`, ...names]
      : names
  })
}

/** What axe-core finds, contrast that it cannot judge included. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations, incomplete } = await page.evaluate(async () => {
    const results = await (globalThis as unknown as BrowserNames).axe.run()
    const short = ({ id, help, nodes }: axe.Result) =>
      `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`
    return {
      violations: results.violations.map(short),
      incomplete: results.incomplete.filter(({ id }) => id === 'color-contrast').map(short),
    }
  })
  return [...violations, ...incomplete]
}

/** A place at which the Tab key stops. */
export interface FocusStop {
  /** The element's id or its text. */
  readonly name: string
  /** It can be seen that the focus is there: a ring, inside of the window. */
  readonly isSeen: boolean
}

/** Where Tab leads from here on, each element once, until it leaves the page or comes round. */
export async function focusStops(page: Page): Promise<FocusStop[]> {
  const stops: FocusStop[] = []
  let isEnd = false
  while (!isEnd) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const { document, getComputedStyle, innerHeight } = globalThis as unknown as BrowserNames
      const focused = document.activeElement
      if (focused === null || focused === document.body) return undefined
      const { outlineStyle, outlineWidth } = getComputedStyle(focused)
      const { top, bottom, width, height } = focused.getBoundingClientRect()
      const hasRing = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
      const isInWindow = width > 1 && height > 1 && top >= 0 && bottom <= innerHeight
      return { name: focused.id || (focused.textContent ?? '').trim(), isSeen: hasRing && isInWindow }
    })
    const last = stops.at(-1)
    // A date has several stops inside of it.
    if (stop !== undefined && stop.name === last?.name) continue
    if (stop === undefined || stops.some(({ name }) => name === stop.name)) isEnd = true
    else stops.push(stop)
  }
  return stops
}

/** What moves although the reader asked for less motion. */
export async function movingThings(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const { document, getComputedStyle } = globalThis as unknown as BrowserNames
    return [...document.querySelectorAll('*')].flatMap((element) => {
      const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element)
      const isTransition = transitionDuration.split(', ').some((text) => Number.parseFloat(text) > 0)
      const moves = [
        isTransition && 'a transition',
        animationName !== 'none' && 'an animation',
        scrollBehavior === 'smooth' && 'smooth scrolling',
      ]
      return moves.filter(Boolean).map((what) => `${element.tagName.toLowerCase()} has ${what}`)
    })
  })
}

/** Writes down what a page should not do: errors on its console, and requests to anywhere but its own address. */
export function watchPage(page: Page, ownUrl: string): readonly string[] {
  const seen: string[] = []
  const own = new URL(ownUrl).origin
  page.on('console', (message) => {
    // The browser says there that a page came with 400; that is the page's own status, and asked for.
    const isOwnStatus =
      message.location().url.startsWith(own) && /^Failed to load resource/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !isOwnStatus) seen.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => seen.push(`script: ${error.message}`))
  page.on('request', (request) => {
    const { origin, protocol, pathname } = new URL(request.url())
    if (protocol === 'data:') return
    if (origin !== own || pathname !== '/') seen.push(`request: ${request.url()}`)
  })
  return seen
}
