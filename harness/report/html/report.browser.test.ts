import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  accessibilityProblems,
  desk,
  focusStops,
  isSkipped,
  openReport,
  phone,
  sidewaysOverflow,
} from './browser-double.ts'
import { writeComparisonPage } from './comparison/comparison-page.ts'
import { changesBetween } from './comparison/run-changes.ts'
import { writeRunPage } from './page.ts'
import { loadPlots } from './panel-plot.ts'
import { brokenRecord, fullInput, hostile, inputOf, panelsDouble, provenRecord } from './report-doubles.ts'
import type { ReportInput } from './report-input.ts'

/** The report as a person reads it, in a real browser without a network. */

const pageOf = async (input: ReportInput) =>
  writeRunPage(input, input.panels === undefined ? undefined : await loadPlots(input.panels))

const [before, after] = [fullInput(provenRecord()), fullInput()]
const pages = {
  proven: await pageOf(before),
  broken: await pageOf(after),
  invalid: await pageOf({
    ...fullInput(),
    result: inputOf(
      brokenRecord(),
      {},
      { outsideClaims: ['ENV_COMPONENT_DIED: expected loki to run\n  seen: it ended\n  try:  read its log'] },
    ).result,
  }),
  comparison: writeComparisonPage({ before, after, changes: changesBetween(before, after), load: undefined }),
}
const widths = [320, 390, 700, 1000, 1280, 1800]
const openAll = `document.querySelectorAll('details').forEach((details) => { details.open = true })`

describe.skipIf(isSkipped)('in a browser', () => {
  describe.each(Object.entries(pages))('a %s one', (name, text) => {
    test.each(['light', 'dark'] as const)(
      'is for everybody in %s colours, folded and unfolded',
      async (colorScheme) => {
        const { page, complaints } = await openReport(text, { ...desk, colorScheme })
        expect(await accessibilityProblems(page)).toEqual([])
        await page.evaluate(openAll)
        expect(await accessibilityProblems(page)).toEqual([])
        await page.setViewportSize(phone.viewport)
        expect(await accessibilityProblems(page)).toEqual([])
        expect(complaints).toEqual([])
      },
    )

    test('fits every width, folded and unfolded', async () => {
      const { page } = await openReport(text)
      for (const isOpen of [false, true]) {
        if (isOpen) await page.evaluate(openAll)
        for (const width of widths) {
          await page.setViewportSize({ width, height: 800 })
          expect({ width, isOpen, overflow: await sidewaysOverflow(page) }).toEqual({
            width,
            isOpen,
            overflow: 0,
          })
        }
      }
    })

    test('is a document on paper, light whatever the screen is', async () => {
      const { page } = await openReport(text, { ...desk, colorScheme: 'dark' })
      const pdf = await page.pdf({ format: 'A4' })
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(
        name === 'comparison' ? 0 : 1,
      )
      await page.emulateMedia({ media: 'print' })
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
        'rgb(255, 255, 255)',
      )
      expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(27, 31, 36)')
    })
  })

  test('the colours follow the scheme, those of the plots too', async () => {
    const coloursOf = async (colorScheme: 'light' | 'dark') => {
      const { page } = await openReport(pages.proven, { ...desk, colorScheme })
      return await page.evaluate<string[]>(
        `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.panel [stroke^="var(--series-1"]')).stroke]`,
      )
    }
    expect(await coloursOf('light')).toEqual(['rgb(251, 251, 250)', 'rgb(37, 99, 184)'])
    expect(await coloursOf('dark')).toEqual(['rgb(14, 17, 22)', 'rgb(110, 168, 255)'])
  })

  describe('on a phone', () => {
    const bottoms = async (text: string) => {
      const { page } = await openReport(text, phone)
      return await Promise.all(
        ['h1', '.sentence', '.remedy'].map(async (part) => {
          const box = await page.locator(`header ${part}`).boundingBox()
          return (box?.y ?? 0) + (box?.height ?? Number.POSITIVE_INFINITY)
        }),
      )
    }

    test('the broken claim and what to try are seen without scrolling', async () => {
      for (const bottom of await bottoms(pages.broken)) expect(bottom).toBeLessThan(phone.viewport.height)
    })

    test('a page that puts them further down is found out', async () => {
      const [, , remedy] = await bottoms(
        pages.broken.replace('<p class="remedy">', '<p style="height: 900px"></p>$&'),
      )
      expect(remedy).toBeGreaterThan(phone.viewport.height)
    })
  })

  describe('by keyboard alone', () => {
    test('Tab goes from the skip link through the page in its order, and it is seen where it is', async () => {
      const { page } = await openReport(pages.broken)
      const stops = await focusStops(page)
      expect(stops.slice(0, 4).map(({ name }) => name)).toEqual([
        'Skip to the first section',
        'All about logs.stored',
        'evidence, 1 file',
        'Chain',
      ])
      expect(stops.length).toBeGreaterThan(30)
      expect(stops.filter(({ hasRing, isInOrder }) => !hasRing || !isInOrder)).toEqual([])
    })

    test('the skip link leads past the top', async () => {
      const { page } = await openReport(pages.broken)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
      expect(await page.evaluate(`document.activeElement.closest('section').id`)).toBe('claims')
    })

    test('what is folded unfolds with a key', async () => {
      const { page } = await openReport(pages.broken)
      const details = page.locator('details.query').first()
      await details.locator('summary').focus()
      expect(await details.locator('pre').first().isVisible()).toBe(false)
      await page.keyboard.press('Enter')
      expect(await details.locator('pre').first().isVisible()).toBe(true)
    })
  })

  test('of the pictures of the chain one is shown, whatever the width', async () => {
    const { page } = await openReport(pages.broken)
    for (const [width, shown] of [
      [1280, 'only-wide'],
      [900, 'only-middle'],
      [390, 'only-narrow'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 })
      const visible = await page.locator('.chain svg').filter({ visible: true }).all()
      expect(await Promise.all(visible.map((svg) => svg.getAttribute('class')))).toEqual([shown])
    }
  })

  test('bars are as long as the times that stand beside them', async () => {
    const { page } = await openReport(pages.broken)
    const widths = await page.evaluate<[number, number][]>(
      `[...document.querySelector('.timeline').querySelectorAll('.bar')].map((bar) => ['.measured', '.worst'].map((part) =>
        bar.querySelector(part).getBoundingClientRect().width / bar.getBoundingClientRect().width))`,
    )
    // The hops of the double: 100 of 150, 400 of 250 and 4000 of 1200 ms, on a scale of the 4500 ms that they took.
    const expected = [
      [100, 150],
      [400, 250],
      [4_000, 1_200],
    ].map((ms) => ms.map((one) => one / 4_500))
    for (const [index, pair] of expected.entries())
      for (const [part, share] of pair.entries()) expect(widths[index]?.[part]).toBeCloseTo(share, 2)
  })

  test('foreign text does nothing', async () => {
    const reason = `CLAIM_BROKEN: expected ${hostile}\n  seen: ${hostile}\n  try:  ${hostile}`
    const input = { ...fullInput(brokenRecord(reason)), unread: [hostile] }
    const { page, complaints } = await openReport(await pageOf(input))
    await page.evaluate(openAll)
    expect(await page.textContent('.remedy')).toContain('<script>alert(1)</script>')
    expect(complaints).toEqual([])
  })

  test('what would run or load all the same is refused by the policy', async () => {
    const asked: (string | undefined)[] = []
    const server = createServer((request, response) => {
      asked.push(request.url)
      response.end()
    })
    server.listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const bad = `<script>document.title = 'it ran'</script><img src="${address}/x.png"><iframe src="${address}/y"></iframe>`
    const open = async (text: string) => (await openReport(text, { ...desk, offline: false })).page
    const page = await open(pages.proven.replace('<nav', `${bad}<nav`))
    expect({ title: await page.title(), asked }).toEqual({
      title: expect.stringMatching(/^Proven/),
      asked: [],
    })
    // Without the policy it would.
    const without = await open(bad)
    await without.waitForLoadState()
    expect({ title: await without.title(), asked: asked.sort() }).toEqual({
      title: 'it ran',
      asked: ['/x.png', '/y'],
    })
  })

  test('a page with 100 panels shows all of them, in 2 MB', async () => {
    const panels = panelsDouble(100)
    const text = await pageOf({ ...fullInput(provenRecord()), panels })
    expect(Buffer.byteLength(text)).toBeLessThan(2_000_000)
    const { page, complaints } = await openReport(text)
    expect(await page.locator('.panel svg').filter({ visible: true }).count()).toBe(100)
    expect(complaints).toEqual([])
  })
})
