import { describe, expect, test } from 'vitest'
import { colours, style } from './style.ts'

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const onPaper = (names: readonly string[]) =>
  names.flatMap((ink) => ['paper', 'card'].map((paper) => [ink, paper]))
const inks = ['ink', 'soft', 'proven', 'broken', 'blocked', 'skipped', 'accent', 'fault-ink']
const marks = [
  ...Array.from({ length: 8 }, (_, index) => `series-${index + 1}`),
  'within',
  'late',
  'over',
  'limit',
]

describe.each(Object.entries(colours))('in %s colours', (_, scheme) => {
  const colourOf = (name: string | undefined) => /^#[0-9a-f]{6}$/.exec(scheme[name ?? ''] ?? '')?.[0] ?? ''

  test.each([
    ...onPaper(inks),
    ...['proven', 'broken', 'blocked', 'skipped'].map((name) => [name, `${name}-wash`]),
    ['ink', 'wash'],
    ['soft', 'wash'],
    ['ink', 'blocked-wash'],
  ])('text in %s is read on %s', (ink, paper) => {
    expect(contrast(colourOf(ink), colourOf(paper))).toBeGreaterThanOrEqual(4.5)
  })

  test.each(onPaper(marks))('a mark in %s is seen on %s', (mark, paper) => {
    expect(contrast(colourOf(mark), colourOf(paper))).toBeGreaterThanOrEqual(3)
  })
})

test('contrast is measured as it is defined', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

test('every colour that is used has a name in both schemes', () => {
  const used = new Set([...style.matchAll(/var\(--([a-z0-9-]+)\)/g)].map(([, name]) => name ?? ''))
  // Set on the element itself.
  used.delete('series')
  expect(used.size).toBeGreaterThan(20)
  for (const scheme of Object.values(colours))
    expect([...used].filter((name) => !(name in scheme))).toEqual([])
})
