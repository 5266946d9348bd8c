import { expect, test } from 'vitest'
import type { KeptMeasurement } from './kept-environment.ts'
import { writeKept } from './kept-text.ts'

const component = (name: string, before: number, after: number) => ({
  name,
  before: { memoryBytes: before * 1e6, anonymousBytes: 10e6, cpuShare: 0.03 },
  after: { memoryBytes: after * 1e6, anonymousBytes: 11e6, cpuShare: 0.02 },
})

const kept: KeptMeasurement = {
  upMs: 4_000,
  components: [component('loki', 299, 301), component('prometheus', 300, 300)],
  othersRunning: 0,
  layer: 'logs',
  again: {
    verdict: 'proven',
    firstBroken: null,
    brokenBecause: null,
    readyMs: 100,
    wallMs: 9_000,
    criticalPathMs: 8_900,
    claimsMs: 12_000,
    timelines: [],
    processMs: 10_001,
  },
}

test('memory is judged as a sum, before and after', () => {
  expect(writeKept(kept)).toMatch(
    /^ +all +599 MB +20 MB +6\.0 % +601 MB +22 MB +4\.0 % +<= 600 MB +missed by 1 of 2$/m,
  )
})

test('one layer again is judged by the whole command', () => {
  const text = writeKept(kept)
  expect(text).toMatch(/^ +verify logs +10\.0 s +<= 10\.0 s +missed$/m)
  expect(text).toMatch(/^ +up +4\.0 s +<= 5\.0 s +met$/m)
})

test('a layer that was not proven says so', () => {
  const broken: KeptMeasurement = {
    ...kept,
    again: { ...kept.again, verdict: 'broken', firstBroken: 'logs.stored' },
  }
  expect(writeKept(broken)).toContain('first broken: logs.stored')
})

test.runIf(process.platform === 'linux')('memory that others share says so', () => {
  expect(writeKept({ ...kept, othersRunning: 3 })).toContain('other processes that run the same programs: 3;')
  expect(writeKept(kept)).not.toContain('other processes')
})
