import { expect, test } from 'vitest'
import { writeReportCost } from './report-text.ts'

const measured = {
  writtenMs: [300, 400, 350],
  writtenPanels: 30,
  openedMs: [200, 250],
  openedPanels: 100,
  openedBytes: 900_000,
}

test('times and size stand beside their goals', () => {
  const text = writeReportCost(measured)
  expect(text).toMatch(/written, 30 panels +350 ms +400 ms +<= 500 ms +met/)
  expect(text).toMatch(/opened, 100 panels +200 ms +250 ms +<= 1000 ms +met/)
  expect(text).toContain('0.90 MB with 100 panels; goal <= 2 MB: met')
})

test('what is too slow or too large is missed, and what was not measured is not met', () => {
  const text = writeReportCost({ ...measured, writtenMs: [300, 600], openedMs: [], openedBytes: 2_100_000 })
  expect(text).toMatch(/written, .* missed by 1 of 2/)
  expect(text).toMatch(/opened, .* – .* not measured/)
  expect(text).toContain('2.10 MB with 100 panels; goal <= 2 MB: missed')
})
