import { describe, expect, test } from 'vitest'
import type { VerifyMeasurement } from './verify-runs.ts'
import { writeVerifyHops, writeVerifyRuns } from './verify-text.ts'

const verify = (changes: Partial<VerifyMeasurement> = {}): VerifyMeasurement => ({
  verdict: 'proven',
  firstBroken: null,
  brokenBecause: null,
  readyMs: 4_000,
  wallMs: 20_000,
  criticalPathMs: 19_000,
  claimsMs: 40_000,
  timelines: [],
  processMs: 21_000,
  ...changes,
})

describe('the runs of verify', () => {
  test('stand beside their goals', () => {
    const text = writeVerifyRuns([verify(), verify({ readyMs: 5_100, wallMs: 22_000 })])
    expect(text).toMatch(/^ +ready +4\.0 s +5\.1 s +<= 5\.0 s +missed by 1 of 2$/m)
    expect(text).toMatch(/^ +wall \/ critical path +1\.05 +1\.16 +<= 1\.15 +missed by 1 of 2$/m)
    expect(text).toMatch(/^ +command to exit +21\.0 s +21\.0 s +<= 60\.0 s +met$/m)
    expect(text).not.toContain('not proven')
  })

  test('that never became ready miss that goal', () => {
    expect(writeVerifyRuns([verify({ readyMs: null })])).toMatch(/ready +never +<= 5\.0 s +missed$/m)
  })

  test('that were not proven say so, and why', () => {
    const broken = verify({
      verdict: 'broken',
      firstBroken: 'logs.stored',
      brokenBecause: 'WAIT_TIMEOUT: expected a line\n  seen: none',
    })
    expect(writeVerifyRuns([verify(), broken])).toContain(
      'first broken: logs.stored\n    WAIT_TIMEOUT: expected a line\n      seen: none\n',
    )
  })
})

test('hops of the same name and of the same fault are put together over the runs', () => {
  const run = (ms: number) => {
    const stored = { name: 'stored', at: 0, ms, worstCaseMs: 150, deadlineMs: 400, formula: '' }
    const hops = [{ ...stored, name: 'served', ms: 0 }, stored]
    return verify({
      timelines: [
        {
          kind: 'request',
          id: 'the sixth error',
          alert: 'LogsErrorBurst',
          hops,
          totalMs: 900,
          worstCaseMs: 1_450,
        },
      ],
    })
  }
  const text = writeVerifyHops([run(90), run(160)])
  expect(text).toMatch(/^hops of real requests in verify, the sixth error$/m)
  expect(text).toMatch(/^ +stored +90 +90 +160 +160 +150 +400 +0\.94 +1 +0$/m)
  expect(text).not.toContain('served')
})

test('an outage is called one, and the moment at which it began is no hop of it', () => {
  const noticed = { name: 'noticed', at: 0, ms: 473, worstCaseMs: 2_250, deadlineMs: 2_500, formula: '' }
  const text = writeVerifyHops([
    verify({
      timelines: [
        {
          kind: 'outage',
          id: 'there is no collector for a while',
          alert: 'TargetDown',
          hops: [{ ...noticed, name: 'begun', ms: 0 }, noticed],
          totalMs: 2_700,
          worstCaseMs: 4_450,
        },
      ],
    }),
  ])
  expect(text).toContain('an outage in verify, there is no collector for a while')
  expect(text).toContain('noticed')
  expect(text).not.toContain('begun')
})
