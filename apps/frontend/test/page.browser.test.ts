import { describe, expect, test } from 'vitest'
import type { BrowserNames } from './browser-names.ts'
import { isSkipped, narrow, openPage } from './browser-pages.ts'
import { accessibilityProblems, focusStops, movingThings, sidewaysOverflow } from './page-checks.ts'
import { normal, pageStates } from './page-states.ts'

/** The page as a person uses it, in a real browser. */

const schemes = ['light', 'dark'] as const
const widths = [320, 360, 600, 900, 1200]

describe.skipIf(isSkipped)('in a browser', () => {
  describe.each(pageStates)('with $what', (state) => {
    test.each(schemes)('it is for everybody, wide and narrow, in %s colours', async (colorScheme) => {
      const { page, complaints } = await openPage(state, { colorScheme, reducedMotion: 'reduce' })
      expect(await page.textContent('main')).toContain(state.words)
      expect(await accessibilityProblems(page)).toEqual([])
      for (const width of widths) {
        await page.setViewportSize({ width, height: 640 })
        expect({ width, overflow: await sidewaysOverflow(page) }).toEqual({ width, overflow: [] })
      }
      await page.setViewportSize(narrow.viewport)
      expect(await accessibilityProblems(page)).toEqual([])
      expect(await movingThings(page)).toEqual([])
      expect(complaints).toEqual([])
    })
  })

  test('the colours follow the scheme', async () => {
    const paper = async (colorScheme: 'light' | 'dark') => {
      const { page } = await openPage(normal, { colorScheme })
      return await page.evaluate(() => {
        const { document, getComputedStyle } = globalThis as unknown as BrowserNames
        return getComputedStyle(document.body).backgroundColor
      })
    }
    expect([await paper('light'), await paper('dark')]).toEqual(['rgb(244, 246, 248)', 'rgb(17, 21, 27)'])
  })

  describe('by keyboard alone', () => {
    test('Tab goes through the page in its order, and it is seen where it is', async () => {
      const { page } = await openPage(normal)
      expect(await focusStops(page)).toEqual(
        [
          'Skip to the answer',
          'professional_id',
          'start',
          'end',
          'unit_id',
          'Show free slots',
          'Earlier days',
          'Later days',
        ].map((name) => ({ name, isSeen: true })),
      )
    })

    test('the first link leads past the form', async () => {
      const { page } = await openPage(normal)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      expect((await focusStops(page))[0]?.name).toBe('Earlier days')
    })

    test('a question is asked from load to slots without a pointer', async () => {
      const { page, asked } = await openPage(normal)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.type('Ana')
      await page.keyboard.press('Tab')
      // The same day whether the browser begins with the day or with the month.
      await page.keyboard.type('11112026')
      await page.keyboard.press('Enter')
      await page.waitForURL(/start=2026-11-11/)
      expect(asked.at(-1)?.url).toContain('professional_id=ana-duarte&start=2026-11-11&end=2026-11-29')
      expect(await page.locator('table').getByRole('row').count()).toBe(4)
      expect(await page.locator('table time').first().textContent()).toBe('Tuesday 24 November 2026')
    })

    test('after an error the focus is at the errors, and the next Enter leads to the field', async () => {
      const { page } = await openPage({ ...normal, path: '/?start=&end=2026-11-29' })
      const focused = () =>
        page.evaluate(() => (globalThis as unknown as BrowserNames).document.activeElement?.id)
      await page.waitForSelector('#problems:focus')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      expect(await focused()).toBe('start')
    })
  })

  test('an error is said with its field', async () => {
    const { page } = await openPage({ ...normal, path: '/?start=&end=2026-11-29' })
    const field = page.getByLabel('First day')
    const error = page.locator(`#${await field.getAttribute('aria-describedby')}`)
    expect(await error.textContent()).toBe('First day is needed')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    const [fieldBox, errorBox] = [await field.boundingBox(), await error.boundingBox()]
    expect(errorBox?.x).toBe(fieldBox?.x)
    expect((errorBox?.y ?? 0) - (fieldBox?.y ?? 0) - (fieldBox?.height ?? 0)).toBeLessThan(16)
    expect(await page.getByLabel('Last day').getAttribute('aria-describedby')).toBeNull()
  })

  test('without JavaScript everything works', async () => {
    const { page, complaints } = await openPage(normal, { javaScriptEnabled: false })
    await page.getByLabel('Professional').selectOption({ label: 'Ana Duarte, general practice' })
    await page.getByLabel('First day').fill('2026-11-24')
    await page.getByRole('button').click()
    await page.waitForURL(/professional_id=ana-duarte&start=2026-11-24/)
    expect(await page.locator('.slots li').count()).toBe(24)
    await page.getByRole('link', { name: 'Later days' }).click()
    await page.waitForURL(/start=2026-11-30&end=2026-12-05/)
    expect(complaints).toEqual([])
  })

  test.each([320, 1200])('a slot has the same place in both columns at %i px', async (width) => {
    const [, different] = pageStates
    const { page } = await openPage(different ?? normal, { viewport: { width, height: 640 } })
    const rows = await page.evaluate(() =>
      [...(globalThis as unknown as BrowserNames).document.querySelectorAll('tr')].flatMap((row) => {
        const columns = [...row.querySelectorAll('td')].map((cell) => {
          const { left } = cell.getBoundingClientRect()
          return [...cell.querySelectorAll('li')].map((item) => {
            const box = item.getBoundingClientRect()
            return [item.querySelector('time')?.textContent, Math.round(box.left - left), Math.round(box.top)]
          })
        })
        return columns.length === 0 ? [] : [columns]
      }),
    )
    expect(rows.length).toBeGreaterThan(2)
    for (const [v1, v2] of rows) expect(v1).toEqual(v2)
  })
})
