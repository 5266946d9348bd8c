import { describe, expect, test } from 'vitest'
import type { Detection, Trial } from './detection.ts'
import { writeDetection } from './detection-text.ts'
import { judgeHop } from './hop-tightness.ts'

describe('the trials of an alert', () => {
  const detection = (deliveredMs: readonly number[]): Detection => {
    const trials = deliveredMs.map(
      (ms, index): Trial => ({
        app: `bench-${index + 1}`,
        servedAt: index,
        hops: { stored: ms - 10, resolved: 6_000 },
        deliveredMs: ms,
      }),
    )
    const limits = { worstCaseMs: 1_000, deadlineMs: 1_250 }
    return {
      alert: 'LogsErrorBurst',
      perAppPerSecond: 25,
      evaluationIntervalMs: 250,
      eighthsCovered: 8,
      trials,
      hops: [judgeHop({ name: 'received', ms: deliveredMs.map(() => 3), worstCaseMs: 0, deadlineMs: 250 })],
      delivery: judgeHop({ name: 'all to delivered', ms: deliveredMs, ...limits }),
      promisedMs: 2_000,
    }
  }

  test('are within the worst case when all of them are', () => {
    const text = writeDetection(detection([900, 1_000]))
    expect(text).toContain('no trial above the computed worst case of 1.00 s')
    expect(text).toMatch(/p95 1\.00 s, promise <= 2\.00 s met/)
    expect(text).toContain('received is argued: its worst case is 0')
  })

  test('that were too late are named with their hops', () => {
    const text = writeDetection(detection([900, 1_001, 2_300]))
    expect(text).toContain('bench-2 1.00 s: above the worst case, 1.00 s, within the allowance (stored 991)')
    expect(text).toContain('bench-3 2.30 s: ABOVE worst case and allowance, 1.25 s (stored 2290)')
    expect(text).toContain('promise <= 2.00 s missed')
    expect(text).not.toContain('bench-1 ')
  })

  test('that are few say little', () => {
    expect(writeDetection(detection([900]))).toContain('fewer than 20 say little')
  })
})
