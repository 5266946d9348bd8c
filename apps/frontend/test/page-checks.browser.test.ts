import { describe, expect, test } from 'vitest'
import { isSkipped, narrow, openText } from './browser-pages.ts'
import {
  accessibilityProblems,
  focusStops,
  movingThings,
  sidewaysOverflow,
  watchPage,
} from './page-checks.ts'

/** Each check of a page goes red on a page that is bad in that way. */

describe.skipIf(isSkipped)('each check finds', () => {
  test('what is too wide', async () => {
    const page = await openText('<div style="width: 400px; height: 9px">x</div>', narrow)
    expect(await sidewaysOverflow(page)).toEqual([
      expect.stringMatching(/^the page is 4\d\d of 320 px wide$/),
      expect.stringMatching(/^div ends at 4\d\d of 320 px$/),
    ])
  })

  test('what is cut off instead of scrolled', async () => {
    const page = await openText(
      '<style>main { overflow: hidden }</style><p style="width: 400px">x</p>',
      narrow,
    )
    expect(await sidewaysOverflow(page)).toEqual([expect.stringMatching(/^p ends at 4\d\d of 320 px$/)])
  })

  test('too little contrast, in the scheme that has it alone', async () => {
    const text =
      '<style>@media (prefers-color-scheme: dark) { p { color: #555; background: #333 } }</style><p>hard to read</p>'
    expect(await accessibilityProblems(await openText(text, { colorScheme: 'light' }))).toEqual([])
    expect(await accessibilityProblems(await openText(text, { colorScheme: 'dark' }))).toEqual([
      expect.stringContaining('color-contrast: '),
    ])
  })

  test('a field without a label', async () => {
    expect(await accessibilityProblems(await openText('<input>'))).toEqual([
      expect.stringContaining('label: '),
    ])
  })

  test('a focus that is not seen, and an order that is another one', async () => {
    const page = await openText(
      '<style>#b { outline: none }</style><a href="#" id="a" tabindex="2">a</a><a href="#" id="b" tabindex="1">b</a>',
    )
    expect(await focusStops(page)).toEqual([
      { name: 'b', isSeen: false },
      { name: 'a', isSeen: false },
    ])
    const ringed = await openText(
      '<style>:focus-visible { outline: 3px solid }</style><a href="#" id="a">a</a>',
    )
    expect(await focusStops(ringed)).toEqual([{ name: 'a', isSeen: true }])
  })

  test('what moves', async () => {
    const page = await openText(
      '<style>html { scroll-behavior: smooth } p { transition: color 1s } h1 { animation: x 1s } @keyframes x {}</style><p>x</p>',
    )
    expect(await movingThings(page)).toEqual([
      'html has smooth scrolling',
      'h1 has an animation',
      'p has a transition',
    ])
  })

  test('errors on the console and requests to elsewhere', async () => {
    const page = await openText('')
    const complaints = watchPage(page, 'http://127.0.0.1:9/')
    await page.route('**', (route) => route.abort())
    await page.setContent(
      '<script>console.error("wrong"); console.warn("odd"); throw new Error("broken")</script><img src="http://127.0.0.1:1/x.png"><img src="http://127.0.0.1:9/y.png">',
    )
    expect(complaints).toEqual(
      expect.arrayContaining([
        'console: wrong',
        'console: odd',
        'script: broken',
        'request: http://127.0.0.1:1/x.png',
        'request: http://127.0.0.1:9/y.png',
      ]),
    )
  })
})
